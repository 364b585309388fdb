import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createHostAdapter } from '../../../../../main/connections/host/host-adapter.js';
import type { HostJob } from '../../../../../main/connections/ports.js';
import { hasEnded, never, Notes } from '../../../../contract/host-world.js';
import { LocalLine } from '../../../../fakes/local-line.js';

/** Asks and answers like sudo, reads one line for a password, and runs the rest with a HOME of its own. */
const fakeSudo = `#!/bin/sh
prompt='[sudo] password: ' silent= user=
printf '%s\\n' "$*" >>"$HOST/argv"
while [ $# -gt 0 ]; do
  case $1 in
    -n) silent=1 ;;
    -S | -H) ;;
    -p) prompt=$2; shift ;;
    -u) user=$2; shift ;;
    --) shift; break ;;
  esac
  shift
done
read -r mode <"$HOST/mode"
case $mode in
  tty) echo 'sudo: sorry, you must have a tty to run sudo' >&2; exit 1 ;;
  denied) echo 'deploy is not in the sudoers file.' >&2; exit 1 ;;
  password)
    [ -z "$silent" ] || { echo 'sudo: a password is required' >&2; exit 1; }
    tries=0
    while :; do
      printf %s "$prompt" >&2
      read -r word || { echo 'sudo: no password was provided' >&2; exit 1; }
      echo "$word" >>"$HOST/words"
      [ "$word" = 's3cret word' ] && break
      tries=$((tries + 1))
      [ $tries -lt 3 ] || { echo 'sudo: 3 incorrect password attempts' >&2; exit 1; }
    done ;;
esac
HOME=$HOST/root LASTGOOD_AS=$user exec "$@"
`;

let line: LocalLine;
let answers: string[];
let asked = 0;

beforeEach(() => {
  line = new LocalLine({ user: 'deploy' });
  line.addProgram('sudo', fakeSudo.replaceAll('$HOST', line.home));
  line.addProgram('id', '#!/bin/sh\necho 1000\n');
  mkdirSync(join(line.home, 'root'));
  answers = [];
  asked = 0;
});
afterEach(() => {
  line.remove();
});

const mode = (word: string): void => {
  writeFileSync(join(line.home, 'mode'), `${word}\n`);
};
const written = (name: string): string => readFileSync(join(line.home, name), 'utf8');

const portOf = () =>
  createHostAdapter(line, {
    name: 'local',
    cancelGraceSeconds: 1,
    questions: {
      ask: (question) => {
        expect(question).toEqual({ kind: 'sudo-password', host: 'local', user: 'deploy' });
        asked += 1;
        const value = answers.shift();
        return Promise.resolve(
          value === undefined ? { kind: 'refuse' } : { kind: 'secret', value },
        );
      },
    },
  });

const whoami = { text: 'echo "$LASTGOOD_AS"', as: 'root' } as const;
const jobOf = (...scripts: readonly string[]): HostJob => ({
  id: { runId: 'run-1', name: 'as-root' },
  as: 'root',
  parts: scripts.map((script, index) => ({ name: `part ${index + 1}`, script })),
});

test('without a password nobody is asked, and it is one round trip', async () => {
  mode('passwordless');
  expect(await portOf().read(whoami, never)).toMatchObject({ exitCode: 0, stdout: 'root\n' });
  expect({ asked, trips: line.commands.length }).toEqual({ asked: 0, trips: 1 });
});

test('the password is asked for once, and never stands in a command line', async () => {
  mode('password');
  answers = ['s3cret word'];
  const port = portOf();
  const notes = new Notes();
  expect((await port.read(whoami, never)).stdout).toBe('root\n');
  expect((await port.read(whoami, never)).stdout).toBe('root\n');
  await port.run(jobOf('echo "$LASTGOOD_AS"'), notes, never);
  expect(notes.lines).toEqual(['root']);
  expect(asked).toBe(1);
  expect(written('argv') + line.commands.join('\n')).not.toContain('s3cret');
  expect(notes.all.join('\n')).not.toContain('s3cret');
});

test('a wrong password is asked for again, and no line of a script is tried as one', async () => {
  mode('password');
  answers = ['wrong', 's3cret word'];
  expect((await portOf().read(whoami, never)).stdout).toBe('root\n');
  expect(written('words')).toBe('wrong\ns3cret word\n');
});

test('three wrong passwords are the end, for every later script as well', async () => {
  mode('password');
  answers = ['one', 'two', 'three', 's3cret word'];
  const port = portOf();
  await expect(port.read(whoami, never)).rejects.toMatchObject({ code: 'SUDO_REFUSED' });
  await expect(port.read(whoami, never)).rejects.toMatchObject({ code: 'SUDO_REFUSED' });
  expect(asked).toBe(3);
  expect(written('words')).toBe('one\ntwo\nthree\n');
});

test.each(['passwordless', 'password'] as const)(
  'says beforehand that sudo is %s',
  async (word) => {
    mode(word);
    expect((await portOf().info(never)).sudo).toBe(word);
    expect({ asked, trips: line.commands.length }).toEqual({ asked: 0, trips: 1 });
  },
);

test('no password given means nothing was run', async () => {
  mode('password');
  await expect(portOf().run(jobOf('true'), new Notes(), never)).rejects.toMatchObject({
    code: 'SUDO_NO_PASSWORD',
  });
  expect(existsSync(join(line.home, 'root/.cache'))).toBe(false);
});

test.each([
  ['tty', 'SUDO_NEEDS_TTY', 'none'],
  ['denied', 'SUDO_NOT_ALLOWED', 'none'],
])('a host whose sudo says "%s" is told apart', async (word, code, said) => {
  mode(word);
  await expect(portOf().read(whoami, never)).rejects.toMatchObject({ code });
  expect(asked).toBe(0);
  expect((await portOf().info(never)).sudo).toBe(said);
});

test('another console finds the job of another account, ends it and cleans it up', async () => {
  mode('passwordless');
  const notes = new Notes();
  const running = portOf().run(jobOf('echo $$; sleep 600'), notes, never);
  await notes.until(() => notes.lines.length > 0);
  const { id } = jobOf();
  const later = portOf();
  expect((await later.job(id, never)).status).toBe('running');
  const other = new Notes();
  const followed = later.pickUp(id, other, never);
  await other.until(() => other.lines.length > 0);
  expect((await portOf().cancel(id, never)).status).toBe('ended');
  await hasEnded({}, notes.lines[0]);
  expect(await followed).toEqual(await running);
  const removed = await portOf().cleanUp('run-1', never);
  expect(removed).toEqual([join(line.home, 'root/.cache/lastgood/jobs/run-1/as-root')]);
  expect(existsSync(join(line.home, '.cache/lastgood'))).toBe(false);
  expect(existsSync(join(line.home, 'root/.cache/lastgood'))).toBe(false);
});
