import { z } from 'zod';
import { shellCommand, shellQuote } from '../shell-quote.js';
import { defineHostStep } from './host-step.js';
import { look, rowsOf } from './look.js';
import { AbsolutePath, HostName, Owner, ownedBy, sudoWords } from './names.js';

const Params = z.strictObject({
  host: HostName,
  from: AbsolutePath,
  to: AbsolutePath,
  /** Where what stood there is kept. */
  keepAs: AbsolutePath,
  owner: Owner,
});

/**
 * Puts a file of the target in its place, where the two are really different files: behind a link that leads to the
 * target's folder they are one, and copying a file onto itself can only harm it.
 */
export const restoreFile = defineHostStep({
  kind: 'host.restore-file',
  risk: 'change',
  repeatable: true,
  saysLittle: true,
  params: Params,
  before: z.strictObject({
    /** SHA-256 of what stood there; null where nothing did. */
    sha256: z.string().nullable(),
  }),
  runAs: ({ owner }) => ownedBy(owner),

  describe: ({ host, from, to }) =>
    `Put ${from} in the place of ${to} on ${host}, where it is another file`,
  commands: ({ from, to, keepAs, owner }) => [
    shellCommand('test', from, '-ef', to),
    shellCommand(...sudoWords(owner), 'cp', '-p', to, keepAs),
    shellCommand(...sudoWords(owner), 'cp', '-p', from, to),
  ],
  undoText: ({ to, keepAs }) => `Put back what stood at ${to} (kept as ${keepAs})`,

  async observe(params, { connections, signal }) {
    const { from, to } = params;
    const { relation } = await compare(connections.host(params.host), params, signal);
    const facts = {
      missing: `There is no ${from}; nothing is to be restored.`,
      itself: `${from} and ${to} are one file.`,
      same: `${from} and ${to} hold the same.`,
      other: `${from} and ${to} differ.`,
    }[relation];
    return { isDone: relation !== 'other', facts };
  },

  async capture(params, { connections, signal }) {
    const { sha256 } = await compare(connections.host(params.host), params, signal);
    return { sha256 };
  },

  script: ({ from, to, keepAs }) => `from=${shellQuote(from)}
to=${shellQuote(to)}
keep=${shellQuote(keepAs)}
[ -f "$from" ] || already "there is no $from; nothing is to be restored"
if [ "$from" -ef "$to" ]; then already "$from and $to are one file"; fi
if cmp -s -- "$from" "$to"; then already "$to holds that already"; fi
if [ -e "$to" ] && [ ! -e "$keep" ]; then cp -p -- "$to" "$keep" || fail "$to cannot be kept as $keep"; fi
cp -p -- "$from" "$to.lastgood-next" || fail "$from cannot be copied beside $to"
mv -T -f -- "$to.lastgood-next" "$to" || fail "$to cannot be exchanged"
cmp -s -- "$from" "$to" || fail "$to does not hold what $from holds"
say "$to holds what $from holds"
`,

  // The link may lead to the target by now: then what stands there is the target's own, and nothing was copied.
  undoScript: ({ from, to, keepAs }, { sha256 }) =>
    sha256 === null
      ? `from=${shellQuote(from)}
to=${shellQuote(to)}
[ -e "$to" ] || already "there is no $to"
[ -f "$from" ] || already "there is no $from, so nothing was copied"
if [ "$from" -ef "$to" ]; then already "$from and $to are one file: nothing was copied"; fi
cmp -s -- "$from" "$to" || fail "$to was changed since; it stays"
rm -f -- "$to" || fail "$to cannot be removed"
say "$to is gone again"
`
      : `to=${shellQuote(to)}
keep=${shellQuote(keepAs)}
[ -e "$keep" ] || already "$to was left as it was"
mv -T -f -- "$keep" "$to" || fail "$keep cannot be put back"
[ "$(sha256sum <"$to")" = ${shellQuote(`${sha256}  -`)} ] || fail "$to does not hold what it held before"
say "$to is as it was"
`,
});

type Relation = 'missing' | 'itself' | 'same' | 'other';

async function compare(
  port: Parameters<typeof look>[0],
  { from, to, owner }: z.infer<typeof Params>,
  signal: AbortSignal,
): Promise<{ readonly relation: Relation; readonly sha256: string | null }> {
  const text = `from=${shellQuote(from)}
to=${shellQuote(to)}
relation=other
if [ ! -f "$from" ]; then relation=missing
elif [ "$from" -ef "$to" ]; then relation=itself
elif cmp -s -- "$from" "$to"; then relation=same
fi
hash=
[ ! -f "$to" ] || hash=$(sha256sum <"$to") || fail "$to cannot be read"
row file "$relation" "\${hash%% *}"
`;
  const what = `Comparing ${from} and ${to}`;
  const stdout = await look(port, { text, as: ownedBy(owner), what }, signal);
  const [[relation = '', hash = ''] = []] = rowsOf(stdout, 'file');
  const known = (['missing', 'itself', 'same'] as const).find((one) => one === relation);
  return { relation: known ?? 'other', sha256: hash === '' ? null : hash };
}
