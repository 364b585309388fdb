import { z } from 'zod';
import { defineReadStep } from '../read-step.js';
import { shellCommand, shellQuote } from '../shell-quote.js';
import { look, rowsOf } from './look.js';
import { AbsolutePath, HostName, Owner, ownedBy, sudoWords } from './names.js';

/** Of one file. */
const maxNames = 200;

const shortHash = (hash: string): string => hash.slice(0, 12);

/** Shows with which configuration the target will run, by names and hashes: values never leave the host. */
export const compareConfig = defineReadStep({
  kind: 'host.compare-config',
  params: z.strictObject({
    host: HostName,
    /** Where the version that serves now has its files. */
    current: AbsolutePath,
    release: AbsolutePath,
    /** Paths inside both. */
    files: z.array(z.string().min(1).max(500)).min(1).max(20),
    owner: Owner,
  }),

  describe: ({ host, release, files }) =>
    `Compare ${files.join(', ')} of ${release} on ${host} with what runs now, by names and hashes`,
  commands: ({ current, release, files, owner }) =>
    files.map((file) =>
      shellCommand(...sudoWords(owner), 'diff', '-q', `${current}/${file}`, `${release}/${file}`),
    ),

  async look({ host, current, release, files, owner }, { connections, signal, emit }) {
    const what = `Comparing the configuration in ${current} and ${release}`;
    const stdout = await look(
      connections.host(host),
      { text: compareScript(current, release, files), as: ownedBy(owner), what },
      signal,
    );
    const texts = rowsOf(stdout, 'file').map((fields) => fileText(fields));
    const names = rowsOf(stdout, 'name').map((fields) => nameText(fields));
    for (const line of [...texts.map(({ line }) => line), ...names.toSorted()]) {
      emit(line);
    }
    const differing = texts.filter(({ isSame }) => !isSame).length;
    return differing === 0
      ? 'The target runs with the same configuration.'
      : `${String(differing)} of ${String(texts.length)} files differ: ${texts
          .filter(({ isSame }) => !isSame)
          .map(({ line }) => line)
          .join('; ')}.`;
  },
});

/**
 * A name is what stands before the first `=` of a line; its value is compared on the host and never printed. A name that
 * stands there more than once has all of its values.
 */
const compareNames = `{
  line = $0
  sub(/^[ \\t\\r\\f\\v]+/, "", line)
  if (line ~ /^export[ \\t\\r\\f\\v]+[A-Za-z_][A-Za-z0-9_]*=/) sub(/^export[ \\t\\r\\f\\v]+/, "", line)
  if (line !~ /^[A-Za-z_][A-Za-z0-9_]*=/) next
  at = index(line, "=")
  name = substr(line, 1, at - 1)
  names[name] = 1
  there[side, name] = 1
  value[side, name] = value[side, name] "\\n" substr(line, at + 1)
}
END {
  file = ENVIRON["compared"]
  for (name in names) {
    how = !(("then", name) in there) ? "gone" : !(("now", name) in there) ? "new" : "other"
    if (how == "other" && value["now", name] "" == value["then", name] "") continue
    if (++said > ${String(maxNames)}) exit
    print "name", file, name, how
  }
}`;

function compareScript(current: string, release: string, files: readonly string[]): string {
  return `now=${shellQuote(current)}
then=${shellQuote(release)}
hash_of() {
  [ -f "$1" ] || return 0
  hash=$(sha256sum <"$1")
  printf %s "\${hash%% *}"
}
compare() {
  hash_now=$(hash_of "$now/$1")
  hash_then=$(hash_of "$then/$1")
  row file "$1" "$hash_now" "$hash_then"
  if [ -n "$hash_now" ] && [ -n "$hash_then" ] && [ "$hash_now" != "$hash_then" ]; then
    compared=$1 awk -v OFS="$field" ${shellQuote(compareNames)} side=now "$now/$1" side=then "$then/$1" || :
  fi
}
${files.map((file) => `compare ${shellQuote(file)}`).join('\n')}
`;
}

function fileText([file = '', now = '', then = '']: readonly string[]): {
  readonly line: string;
  readonly isSame: boolean;
} {
  if (now === then) {
    const line = now === '' ? `${file}: in neither` : `${file}: the same (${shortHash(now)})`;
    return { line, isSame: true };
  }
  if (then === '') {
    return { line: `${file}: missing in the target`, isSame: false };
  }
  return now === ''
    ? { line: `${file}: only in the target (${shortHash(then)})`, isSame: false }
    : { line: `${file}: ${shortHash(now)} now, ${shortHash(then)} in the target`, isSame: false };
}

function nameText([file = '', name = '', how = '']: readonly string[]): string {
  const words = { gone: 'not in the target', new: 'only in the target' }[how];
  return `${file}: ${name} ${words ?? 'has another value in the target'}`;
}
