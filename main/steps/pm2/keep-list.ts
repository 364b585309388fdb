/**
 * `keep_list` writes the list of what PM2 runs, as it is now, into `kept`: PM2's own format, readable for its owner only,
 * because it holds every app's environment. Kept once per run: a second picture would show our own change.
 */
export const keepList = `keep_list() {
  [ ! -s "$kept/list-$app.json" ] || return 0
  rm -f "$kept/list-$app.next"
  ( umask 077; PM2_DUMP_FILE_PATH=$kept/list-$app.next PM2_DUMP_BACKUP_FILE_PATH=$kept/list-$app.bak pm2 save --force ) >&2 &&
    [ -s "$kept/list-$app.next" ] && mv -f -- "$kept/list-$app.next" "$kept/list-$app.json"
}
`;

/** Of the kept list only one app: the others are none of ours. Fails where it is not in there. */
export const oneOfList = `const { readFileSync, writeFileSync } = require("node:fs");
const [, from, to, app] = process.argv;
const own = JSON.parse(readFileSync(from, "utf8")).filter(({ name }) => name === app);
if (own.length === 0) process.exit(3);
writeFileSync(to, JSON.stringify(own), { mode: 0o600 });`;
