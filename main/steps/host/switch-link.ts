import { z } from 'zod';
import { shellCommand, shellQuote } from '../shell-quote.js';
import { defineHostStep } from './host-step.js';
import { look, rowsOf } from './look.js';
import { AbsolutePath, HostName, Owner, ownedBy, sudoWords } from './names.js';

const Params = z.strictObject({
  host: HostName,
  /** The link that says what serves. */
  link: AbsolutePath,
  /** Where it is to lead. */
  target: AbsolutePath,
  /** Where a folder that stands in the place of the link is kept. */
  keepAs: AbsolutePath,
  owner: Owner,
});

const Before = z.discriminatedUnion('form', [
  z.strictObject({
    form: z.literal('link'),
    leadsTo: z.string().min(1),
    /** Whose the link is, as numbers of user and group; older records do not say. */
    linkOwner: z
      .string()
      .regex(/^(\d+:\d+)?$/)
      .default(''),
  }),
  z.strictObject({ form: z.literal('folder') }),
  z.strictObject({ form: z.literal('none') }),
]);

/**
 * A link is exchanged by renaming a prepared one over it, so that there is no moment without it. A folder cannot be
 * renamed over: it is put aside first, which is why the service must be stopped by then.
 */
const functions = `lead() {
  next=$link.lastgood-next
  [ ! -L "$next" ] || rm -f -- "$next"
  [ ! -e "$next" ] || fail "$next is in the way"
  ln -s -- "$1" "$next" || fail "no link can be made beside $link"
  [ -n "$owner" ] || owner=$(stat -c %u:%g -- "$link" 2>/dev/null) || owner=$(stat -c %u:%g -- "$(dirname -- "$link")")
  chown -h "$owner" -- "$next" 2>/dev/null || :
  if [ -d "$link" ] && [ ! -L "$link" ]; then
    [ ! -e "$keep" ] && [ ! -L "$keep" ] || fail "$keep is in the way"
    mv -T -- "$link" "$keep" || { rm -f -- "$next"; fail "$link cannot be put aside"; }
  fi
  mv -T -f -- "$next" "$link" || { [ -e "$link" ] || mv -T -- "$keep" "$link"; fail "$link cannot be exchanged"; }
  [ "$link" -ef "$1" ] || [ "$(readlink -- "$link")" = "$1" ] || fail "$link does not lead to $1"
}
`;

export const switchLink = defineHostStep({
  kind: 'host.switch-link',
  risk: 'change',
  repeatable: true,
  saysLittle: true,
  params: Params,
  before: Before,
  runAs: ({ owner }) => ownedBy(owner),

  describe: ({ host, link, target }) => `Let ${link} on ${host} lead to ${target}`,
  commands: ({ link, target, keepAs, owner }) => [
    `test -L ${shellQuote(link)} || ${shellCommand(...sudoWords(owner), 'mv', '-T', link, keepAs)}`,
    shellCommand(...sudoWords(owner), 'ln', '-s', target, `${link}.lastgood-next`),
    shellCommand(...sudoWords(owner), 'mv', '-T', '-f', `${link}.lastgood-next`, link),
  ],
  undoText: ({ link, keepAs }) =>
    `Let ${link} lead where it led before (a folder in its place is kept as ${keepAs})`,

  async observe(params, { connections, signal }) {
    const { form, leadsTo } = await readLink(connections.host(params.host), params, signal);
    const isDone = form === 'link' && leadsTo === params.target;
    return { isDone, facts: factsOf(params.link, form, leadsTo) };
  },

  async capture(params, { connections, signal }) {
    const { form, ...link } = await readLink(connections.host(params.host), params, signal);
    return form === 'link' ? { form, ...link } : { form };
  },

  script: ({ link, target, keepAs }, before) => `${functions}link=${shellQuote(link)}
target=${shellQuote(target)}
keep=${shellQuote(keepAs)}
[ -d "$target" ] || fail "there is no folder $target"
owner=${ownerOf(before)}
now=$(readlink -- "$link" 2>/dev/null) || now=
if [ -L "$link" ] && [ "$now" = "$target" ]; then already "$link leads to $target already"; fi
${mustBeAs(before)}lead "$target"
say "$link leads to $target"
`,

  undoScript: ({ link, keepAs }, before) => `${functions}owner=
link=${shellQuote(link)}
keep=${shellQuote(keepAs)}
${undoOf(before)}`,
});

/** What was looked at before must still be so: what somebody changed meanwhile is theirs, and undo would not bring it back. */
function mustBeAs(before: z.infer<typeof Before>): string {
  const refuse = `fail "$link is not as it was when it was looked at\${now:+; it leads to $now}; somebody changed it, so it stays"`;
  switch (before.form) {
    case 'link':
      return `[ -L "$link" ] && [ "$now" = ${shellQuote(before.leadsTo)} ] || ${refuse}\n`;
    // Put aside by an attempt of ours that was cut off, it is still the same.
    case 'folder':
      return `if [ -L "$link" ] || [ ! -d "$([ -e "$link" ] && printf %s "$link" || printf %s "$keep")" ]; then ${refuse}; fi\n`;
    case 'none':
      return `if [ -L "$link" ] || [ -e "$link" ]; then ${refuse}; fi\n`;
  }
}

const ownerOf = (before: z.infer<typeof Before>): string =>
  shellQuote(before.form === 'link' ? before.linkOwner : '');

function undoOf(before: z.infer<typeof Before>): string {
  switch (before.form) {
    case 'link':
      return `old=${shellQuote(before.leadsTo)}
if [ -L "$link" ] && [ "$(readlink -- "$link")" = "$old" ]; then already "$link leads to $old already"; fi
lead "$old"
say "$link leads to $old again"
`;
    case 'folder':
      return `if [ -d "$link" ] && [ ! -L "$link" ]; then already "$link is its own folder already"; fi
[ -d "$keep" ] || fail "the folder that was put aside is not at $keep"
[ ! -L "$link" ] || rm -f -- "$link"
mv -T -- "$keep" "$link" || fail "$keep cannot be put back"
say "$link is its own folder again"
`;
    case 'none':
      return `if [ ! -L "$link" ]; then already "there is no link $link"; fi
rm -f -- "$link" || fail "$link cannot be removed"
say "$link is gone again"
`;
  }
}

async function readLink(
  port: Parameters<typeof look>[0],
  { link, owner }: z.infer<typeof Params>,
  signal: AbortSignal,
): Promise<{
  readonly form: 'link' | 'folder' | 'none';
  readonly leadsTo: string;
  readonly linkOwner: string;
}> {
  const text = `link=${shellQuote(link)}
if [ -L "$link" ]; then row link link "$(readlink -- "$link")" "$(stat -c %u:%g -- "$link")"
elif [ -d "$link" ]; then row link folder ''
elif [ -e "$link" ]; then fail "$link is neither a link nor a folder"
else row link none ''
fi
`;
  const what = `Looking where ${link} leads`;
  const stdout = await look(port, { text, as: ownedBy(owner), what }, signal);
  const [[form = 'none', leadsTo = '', linkOwner = ''] = []] = rowsOf(stdout, 'link');
  return { form: form === 'link' || form === 'folder' ? form : 'none', leadsTo, linkOwner };
}

function factsOf(link: string, form: 'link' | 'folder' | 'none', leadsTo: string): string {
  switch (form) {
    case 'link':
      return `${link} leads to ${leadsTo}.`;
    case 'folder':
      return `${link} is a folder of its own, not a link.`;
    case 'none':
      return `There is no ${link}.`;
  }
}
