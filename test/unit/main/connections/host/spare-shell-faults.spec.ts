import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createHostAdapter } from '../../../../../main/connections/host/host-adapter.js';
import { AppError } from '../../../../../shared/errors/app-error.js';
import { never, Notes, until } from '../../../../contract/host-world.js';
import { LocalLine } from '../../../../fakes/local-line.js';

/** Lets every account in, as long as nobody says otherwise, and keeps its words: who, and as whom. */
const fakeSudo = `#!/bin/sh
silent= user=root prompt=
while [ $# -gt 0 ]; do
  case $1 in
    -n) silent=1 ;;
    -p) prompt=$2; shift ;;
    -u) user=$2; shift ;;
    -S | -H) ;;
    --) shift; break ;;
  esac
  shift
done
if [ -e "$HOST/asks" ]; then
  [ -z "$silent" ] || { echo 'sudo: a password is required' >&2; exit 1; }
  printf %s "$prompt" >&2
  read -r word && [ "$word" = word ] || exit 1
fi
LASTGOOD_AS=$user exec "$@"
`;

let line: LocalLine;
const passwords: string[] = [];
const portOf = () =>
  createHostAdapter(line, {
    name: 'local',
    delay: () => Promise.resolve(),
    questions: {
      ask: () => {
        const value = passwords.shift();
        return Promise.resolve(
          value === undefined ? { kind: 'refuse' } : { kind: 'secret', value },
        );
      },
    },
  });

const file = (name: string): string => join(line.home, name);
const linesOf = (name: string): string[] =>
  existsSync(file(name)) ? readFileSync(file(name), 'utf8').split('\n').filter(Boolean) : [];
/** Says by a line of its own that it ran. */
const once = (word: string): string => `echo ${word} >>${file('ran')}`;
const timesRun = (word: string): number => linesOf('ran').filter((ran) => ran === word).length;

/** Every shell that was begun and has not ended, by its process. */
const standing = (): number[] =>
  linesOf('shells')
    .map(Number)
    .filter((pid) => existsSync(`/proc/${pid}`));
function endAllShells(): void {
  for (const pid of standing()) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself just now.
    }
  }
}

beforeEach(() => {
  line = new LocalLine({ user: 'deploy' });
  line.addProgram('sudo', fakeSudo.replaceAll('$HOST', line.home));
  line.addProgram('id', '#!/bin/sh\necho 1000\n');
  const pids = file('shells');
  line.addProgram('sh', `#!/bin/sh\necho $$ >>${pids}\nPATH=$PATH exec /bin/sh "$@"\n`);
  mkdirSync(file('root'));
  passwords.length = 0;
});
afterEach(() => {
  line.remove();
});

/** Three of the account that logged in, four of root. */
const fullStock = 7;

async function portWithSpares() {
  const port = portOf();
  await port.info(never);
  await until(() => standing().length >= fullStock);
  return port;
}

describe('a line that is cut', () => {
  test('in the middle of a script leaves it run once, and says that nobody knows its end', async () => {
    const port = await portWithSpares();
    const reading = port.read({ text: `${once('begun')}; sleep 1000`, as: 'login' }, never);
    const refused = expect(reading).rejects.toMatchObject({ code: 'HOST_LINE_LOST' });
    await until(() => timesRun('begun') > 0);
    line.drop();
    await refused;
    line.restore();
    await port.read({ text: 'true', as: 'login' }, never);
    expect(timesRun('begun')).toBe(1);
  });

  test('in the middle of what is said leaves nothing run', async () => {
    const port = await portWithSpares();
    for (const bytes of [1, 60, 200]) {
      line.cutInputAfter(bytes);
      const reading = port.read({ text: once('half'), as: 'login' }, never);
      await expect(reading).rejects.toMatchObject({ code: 'HOST_LINE_LOST' });
      line.restore();
      await port.info(never);
    }
    await port.read({ text: once('whole'), as: 'login' }, never);
    expect(linesOf('ran')).toEqual(['whole']);
  });

  test('under work that is followed leaves it begun once, and its end is told', async () => {
    const port = await portWithSpares();
    const notes = new Notes();
    const gate = file('gate');
    const parts = [
      { name: 'part', script: `${once('work')}; until [ -e ${gate} ]; do sleep 0.02; done` },
    ];
    const id = { runId: 'run-1', name: 'job' };
    const running = port.run({ id, as: 'root', parts }, notes, never);
    await until(() => timesRun('work') > 0);
    line.drop();
    line.restore();
    writeFileSync(gate, '');
    expect(await running).toMatchObject({ status: 'ended' });
    expect(timesRun('work')).toBe(1);
  });
});

describe('a shell that ends while it stands by', () => {
  test('is not missed where that was noticed, nor where it was not', async () => {
    const port = await portWithSpares();
    for (const [index, waits] of [false, true, false].entries()) {
      const ended = standing();
      endAllShells();
      if (waits) {
        await until(() => ended.every((pid) => !standing().includes(pid)));
      }
      const word = `after-${index}`;
      const said = await port.read({ text: `${once(word)}; echo good`, as: 'login' }, never);
      expect(said).toMatchObject({ exitCode: 0, stdout: 'good\n' });
      expect(timesRun(word)).toBe(1);
    }
  });

  test('in the middle of its script is no reason to say it again', async () => {
    const port = await portWithSpares();
    const reading = port.read({ text: `${once('begun')}; kill -KILL $$`, as: 'login' }, never);
    await expect(reading).rejects.toMatchObject({ code: 'HOST_ANSWER_BROKEN' });
    expect(timesRun('begun')).toBe(1);
  });
});

describe('other accounts', () => {
  test('each have shells of their own, and none is given another’s', async () => {
    const port = await portWithSpares();
    for (const user of ['one', 'two', 'one', 'two', 'root']) {
      const said = await port.read({ text: 'echo "$LASTGOOD_AS"', as: { user } }, never);
      expect(said.stdout).toBe(`${user}\n`);
    }
    const mine = await port.read({ text: 'echo "${LASTGOOD_AS:-nobody}"', as: 'login' }, never);
    expect(mine.stdout).toBe('nobody\n');
  });

  test('are asked for the password once sudo wants one, and the script runs once', async () => {
    const port = await portWithSpares();
    writeFileSync(file('asks'), '');
    endAllShells();
    passwords.push('word');
    const said = await port.read(
      { text: `${once('asked')}; echo "$LASTGOOD_AS"`, as: 'root' },
      never,
    );
    expect(said).toMatchObject({ exitCode: 0, stdout: 'root\n' });
    expect(timesRun('asked')).toBe(1);
    rmSync(file('asks'));
    line.spares.length = 0;
    await port.read({ text: 'true', as: 'root' }, never);
    // Nobody types it for a shell that only stands by.
    expect(line.spares.filter((command) => command.includes('sudo'))).toEqual([]);
  });
});

describe('work of another account', () => {
  const id = { runId: 'run-1', name: 'job' };
  const partsOf = () => [{ name: 'part', script: once('work') }];

  test('is begun on the same way on which it is noted whose it is', async () => {
    const port = await portWithSpares();
    line.commands.length = 0;
    expect(await port.run({ id, as: 'root', parts: partsOf() }, new Notes(), never)).toMatchObject({
      status: 'ended',
    });
    expect(line.commands).toEqual([]);
    expect(linesOf('.cache/lastgood/jobs/run-1/job.as')).toEqual(['root']);
    expect(timesRun('work')).toBe(1);
  });

  test('is not begun where that cannot be noted: a later console would not find it', async () => {
    const port = await portWithSpares();
    writeFileSync(file('.cache'), '');
    const running = port.run({ id, as: 'root', parts: partsOf() }, new Notes(), never);
    await expect(running).rejects.toBeInstanceOf(AppError);
    expect(timesRun('work')).toBe(0);
  });
});

test('whatever ends when, no script runs twice, and one that answered ran once', async () => {
  const Deed = fc.constantFrom('login', 'seen', 'root', 'kill', 'drop', 'job');
  let round = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(Deed, { minLength: 3, maxLength: 10 }), async (deeds) => {
      round += 1;
      const port = portOf();
      await port.info(never);
      const going: Promise<void>[] = [];
      const answered: string[] = [];
      const words: string[] = [];
      for (const [index, deed] of deeds.entries()) {
        const word = `round-${round}-${index}`;
        if (deed === 'kill') {
          endAllShells();
        } else if (deed === 'drop') {
          line.drop();
          line.restore();
        } else if (deed === 'job') {
          words.push(word);
          const parts = [{ name: 'part', script: once(word) }];
          const id = { runId: `round-${round}`, name: `job-${index}` };
          const job = port.run({ id, as: 'root', parts }, new Notes(), never);
          going.push(
            job.then(({ status }) => {
              answered.push(...(status === 'ended' ? [word] : []));
            }, ignore),
          );
        } else {
          words.push(word);
          const mayBeSeen = deed === 'seen';
          const as = mayBeSeen ? 'login' : deed;
          const reading = port.read({ text: once(word), as, mayBeSeen }, never);
          going.push(reading.then(() => void answered.push(word), ignore));
          await (index % 2 === 0 ? reading.catch(ignore) : null);
        }
      }
      await Promise.all(going);
      expect(answered.map(timesRun)).toEqual(answered.map(() => 1));
      expect(words.filter((word) => timesRun(word) > 1)).toEqual([]);
      line.drop();
      line.restore();
    }),
    { numRuns: 12 },
  );
});

const ignore = (): void => undefined;
