import { z } from 'zod';
import { defineHostStep } from '../host/host-step.js';
import { look, rowsOf } from '../host/look.js';
import { runAs } from '../host/accounts.js';
import { keptFolder } from '../host/work-script.js';
import { shellQuote } from '../shell-quote.js';
import type { StepContext } from '../step-kind.js';
import { AppParams, pm2Script, typedPm2 } from './app.js';

const Params = z.strictObject(AppParams);
type Params = z.infer<typeof Params>;

/** What `pm2 resurrect` starts after a reboot. The list as it was is kept beside: it holds environments, so no record may. */
export const saveList = defineHostStep({
  kind: 'pm2.save',
  risk: 'change',
  repeatable: true,
  params: Params,
  before: z.strictObject({ hash: z.string().nullable() }),

  describe: ({ host, app }) =>
    `Save PM2’s list on ${host}, so that ${app} comes up as it runs now after a reboot`,
  commands: (params) => [typedPm2(params, 'save')],
  undoText: () => 'Put the list that PM2 had saved before back',
  runAs: ({ owner }) => runAs(owner),

  async observe(params, context) {
    const { isSaved } = await see(params, context);
    const word = isSaved ? 'holds' : 'does not hold';
    return { isDone: isSaved, facts: `The saved list ${word} ${params.app} as it runs now.` };
  },
  async capture(params, context) {
    return { hash: (await see(params, context)).hash };
  },

  script: (params) =>
    pm2Script(
      params,
      {},
      `${keptFolder}${isSaved}dump=$PM2_HOME/dump.pm2
has_daemon || fail "no PM2 daemon of $(id -un) runs; its saved list is as it was"
if [ ! -e "$kept/saved.pm2" ] && [ ! -e "$kept/saved.none" ]; then
  if [ -e "$dump" ]; then
    ( umask 077; cp -p -- "$dump" "$kept/saved.next" ) && mv -f -- "$kept/saved.next" "$kept/saved.pm2"
  else
    true >"$kept/saved.none"
  fi || fail 'the saved list cannot be kept; it is as it was'
fi
pm2 save >&2 || fail 'pm2 save failed'
is_saved || fail "the saved list does not hold $app as it runs now"
say "the saved list holds $app as it runs now"
`,
    ),

  undoScript: (params, { hash }) =>
    pm2Script(
      params,
      { was: hash ?? '' },
      `${keptFolder}dump=$PM2_HOME/dump.pm2
sum() { [ ! -f "$1" ] || sha256sum <"$1" | cut -d' ' -f1; }
[ "$(sum "$dump")" != "$was" ] || already "PM2's saved list is as it was"
if [ -z "$was" ]; then
  rm -f -- "$dump" || fail "$dump cannot be removed"
else
  [ "$(sum "$kept/saved.pm2")" = "$was" ] || fail 'the kept list is gone; the saved one stays as it is'
  ( umask 077; cp -p -- "$kept/saved.pm2" "$dump.lastgood" ) && mv -f -- "$dump.lastgood" "$dump" || fail "$dump cannot be put back"
fi
rm -f -- "$kept/saved.pm2" "$kept/saved.none"
say "PM2's saved list is as it was"
`,
    ),
});

/** PM2 gives each start of an app an id of its own, and saves it too. */
const savedProgram = `const { readFileSync } = require("node:fs");
const [, file, ...ids] = process.argv;
const saved = JSON.parse(readFileSync(file, "utf8")).map((one) => one.unique_id || (one.env && one.env.unique_id));
process.exit(ids.length > 0 && ids.every((id) => saved.includes(id)) ? 0 : 3);`;

const isSaved = `is_saved() {
  ids=$(seen | cut -d"$field" -f3) || return
  [ -n "$ids" ] && [ -f "$PM2_HOME/dump.pm2" ] && node -e ${shellQuote(savedProgram)} "$PM2_HOME/dump.pm2" $ids
}
`;

type Sight = { readonly hash: string | null; readonly isSaved: boolean };

async function see(params: Params, { connections, signal }: StepContext): Promise<Sight> {
  const text = pm2Script(
    params,
    {},
    `${isSaved}saved=no
if has_daemon && is_saved; then saved=yes; fi
[ -f "$PM2_HOME/dump.pm2" ] || { row list '' no; exit 0; }
row list "$(sha256sum <"$PM2_HOME/dump.pm2" | cut -d' ' -f1)" "$saved"
`,
  );
  const what = 'Looking at the list that PM2 has saved';
  const port = connections.host(params.host);
  const stdout = await look(port, { text, as: runAs(params.owner), what }, signal);
  const [[hash = '', saved = ''] = []] = rowsOf(stdout, 'list');
  return { hash: hash === '' ? null : hash, isSaved: saved === 'yes' };
}
