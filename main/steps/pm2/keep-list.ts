/**
 * `keep_list` writes the list of what PM2 runs, as it is now, into `kept`: PM2's own format, readable for its owner only,
 * because it holds every app's environment. Kept once per run: a second picture would show our own change.
 */
export const keepList = `keep_list() {
  [ ! -s "$kept/list.json" ] || return 0
  rm -f "$kept/list.next"
  ( umask 077; PM2_DUMP_FILE_PATH=$kept/list.next PM2_DUMP_BACKUP_FILE_PATH=$kept/list.bak pm2 save --force ) >&2 &&
    [ -s "$kept/list.next" ] && mv -f -- "$kept/list.next" "$kept/list.json"
}
`;

/** Of the kept list only one app, in the state it had: other apps are none of ours. */
export const oneOfList = `const { readFileSync, writeFileSync } = require("node:fs");
const [, from, to, app, state] = process.argv;
const own = JSON.parse(readFileSync(from, "utf8")).filter(({ name }) => name === app);
if (own.length === 0) process.exit(3);
if (state !== "online") for (const one of own) one.status = "stopped";
writeFileSync(to, JSON.stringify(own), { mode: 0o600 });`;
