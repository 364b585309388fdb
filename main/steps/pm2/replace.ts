import { z } from 'zod';
import { defineHostStep } from '../host/host-step.js';
import { look } from '../host/look.js';
import { InnerPath, runAs } from '../host/accounts.js';
import { AbsolutePath } from '../host/names.js';
import { keptFolder } from '../host/work-script.js';
import { shellCommand, shellQuote } from '../shell-quote.js';
import type { StepContext } from '../step-kind.js';
import { AppParams, pm2Script, seeProcesses, stateWords, typedPm2 } from './app.js';
import { keepList, oneOfList } from './keep-list.js';

const Params = z.strictObject({
  ...AppParams,
  /** Where the ecosystem file lies and the app runs: the link to the release. */
  folder: AbsolutePath,
  ecosystem: InnerPath,
});
type Params = z.infer<typeof Params>;

/** Deleted and started anew, because PM2 keeps the definition that an app was first started with. */
export const replaceApp = defineHostStep({
  kind: 'pm2.replace',
  risk: 'change',
  repeatable: true,
  startsWriters: true,
  params: Params,
  before: z.strictObject({ wasListed: z.boolean() }),

  describe: ({ host, app, folder, ecosystem }) =>
    `Delete the PM2 app ${app} on ${host} and start it anew from ${folder}/${ecosystem}`,
  commands: (params) => [
    typedPm2(params, 'delete', params.app),
    `${shellCommand('cd', params.folder)} && ${typedPm2(params, 'start', params.ecosystem, '--only', params.app)}`,
  ],
  undoText: ({ app }) => `Delete ${app} again and put the kept one back into PM2’s list, as it was`,
  runAs: ({ owner }) => runAs(owner),

  async observe(params, context) {
    const { states, folders } = await seeProcesses(params, context);
    const wanted = await realFolder(params, context);
    const isUp = states.length > 0 && states.every((state) => state === 'online');
    const isThere = folders.every((folder) => folder === wanted);
    const where = isUp ? ` It runs in ${[...new Set(folders)].join(' and ')}.` : '';
    return { isDone: isUp && isThere, facts: stateWords(params.app, states) + where };
  },
  async capture(params, context) {
    return { wasListed: (await seeProcesses(params, context)).states.length > 0 };
  },

  script: (params) => pm2Script(params, valuesOf(params), keptFolder + keepList + replace),
  undoScript: (params, { wasListed }) =>
    pm2Script(
      params,
      { was: wasListed ? 'listed' : '', ...valuesOf(params) },
      keptFolder + putBack,
    ),
});

function valuesOf({ folder, ecosystem }: Params): Record<string, string> {
  return { folder, ecosystem };
}

/**
 * Where no daemon runs, PM2 starts one that outlives us. In a scope of systemd it would be ended with it, so there it must
 * be started by its own unit.
 */
const replace = `[ -f "$folder/$ecosystem" ] || fail "there is no $folder/$ecosystem; $app is as it was"
if ! has_daemon; then
  case $(cat /proc/self/cgroup 2>/dev/null) in *lastgood-*.scope*)
    fail "no PM2 daemon of $(id -un) runs; start it by its own unit first" ;;
  esac
  setsid pm2 ping >&2 || fail 'the PM2 daemon could not be started'
fi
list=$(seen) || fail 'PM2 did not answer with its list; nothing was changed'
if [ -n "$list" ]; then
  keep_list && true >"$kept/replaced-$app" || fail "PM2's list cannot be kept; nothing was changed"
  printf '%s\\n' "$list" | cut -d"$field" -f4,5 | tr "$field" '\\n' | sort -u | while IFS= read -r log; do
    [ ! -f "$log" ] || printf '%s %s\\n' "$(stat -L -c '%i %s' -- "$log")" "$log"
  done >"$kept/logs-$app"
  pm2 delete "$app" >&2 || fail "pm2 delete $app failed"
else
  true >"$kept/replaced-$app" || fail "what is begun here cannot be noted; nothing was changed"
fi
cd -- "$folder" || fail "$(id -un) may not go to $folder"
pm2 start "$ecosystem" --only "$app" >&2 || fail "pm2 start $ecosystem failed"
list=$(seen) || fail 'PM2 did not answer with its list'
[ -n "$list" ] || fail "$folder/$ecosystem holds no app $app"
[ "$(states)" = online ] || fail "$app was started but is $(states)"
say "$app is online from $(cd -P -- "$folder" && pwd -P)"
`;

/** In the state it was kept in, which is stopped where it had been stopped for this: then nothing of it starts too early. */
const putBack = `[ -e "$kept/replaced-$app" ] || already "$app was not replaced"
has_daemon || fail "no PM2 daemon of $(id -un) runs; start it by its own unit, then retry"
if [ -n "$was" ]; then
  [ -s "$kept/list-$app.json" ] || fail "the kept list is gone; $app stays as it is"
  node -e ${shellQuote(oneOfList)} "$kept/list-$app.json" "$kept/one-$app.json" "$app" ||
    fail "the kept list does not hold $app; it stays as it is"
fi
list=$(seen) || fail 'PM2 did not answer with its list; nothing was changed'
[ -z "$list" ] || pm2 delete "$app" >&2 || fail "pm2 delete $app failed"
if [ -n "$was" ]; then
  PM2_DUMP_FILE_PATH=$kept/one-$app.json PM2_DUMP_BACKUP_FILE_PATH=$kept/one-$app.json pm2 resurrect >&2 ||
    fail "$app cannot be put back into PM2's list"
fi
list=$(seen) || fail 'PM2 did not answer with its list'
if [ -n "$was" ]; then
  [ -n "$list" ] || fail "$app was not put back into PM2's list"
  say "$app is back in PM2's list, $(states)"
else
  [ -z "$list" ] || fail "$app is still in PM2's list"
  say "PM2 has no app $app, as before"
fi
rm -f -- "$kept/replaced-$app" "$kept/one-$app.json" "$kept/list-$app.json"
`;

async function realFolder(
  { host, owner, folder }: Params,
  { connections, signal }: StepContext,
): Promise<string> {
  const text = `cd -P -- ${shellQuote(folder)} 2>/dev/null && pwd -P || :\n`;
  const what = `Looking at ${folder}`;
  return (await look(connections.host(host), { text, as: runAs(owner), what }, signal)).trimEnd();
}
