import { afterEach, beforeEach, expect, test } from 'vitest';
import { createHostAdapter } from '../../../../../main/connections/host/host-adapter.js';
import { ChannelGate } from '../../../../../main/connections/ssh/channel-gate.js';
import { never, Notes, until } from '../../../../contract/host-world.js';
import { LocalLine } from '../../../../fakes/local-line.js';

const questions = { ask: () => Promise.reject(new Error('Nobody is asked here.')) };
let line: LocalLine;
const portOf = () => createHostAdapter(line, { name: 'local', questions });

beforeEach(() => {
  line = new LocalLine();
});
afterEach(() => {
  line.remove();
});

test('a script is said to a shell that stands ready, and another takes its place', async () => {
  const port = portOf();
  await port.info(never);
  line.commands.length = 0;
  for (const word of ['a', 'b', 'c', 'd']) {
    const said = await port.read({ text: `echo ${word}`, as: 'login' }, never);
    expect(said).toMatchObject({ exitCode: 0, stdout: `${word}\n`, stderr: '' });
    await until(() => line.spares.length > 2);
  }
  expect(line.commands).toEqual([]);
});

test('the looks of one moment take one shell', async () => {
  const port = portOf();
  await port.info(never);
  const looks = [1, 2, 3].map((number) =>
    port.read({ text: `echo $$; : ${String(number)}`, as: 'login' }, never),
  );
  const shells = (await Promise.all(looks)).map(({ stdout }) => stdout);
  expect(new Set(shells).size).toBe(1);
});

test('before a shell stands ready, a look that may be seen is a command of its own, and no other is', async () => {
  const port = portOf();
  const [seen, hidden] = await Promise.all([
    port.read({ text: 'echo in sight', as: 'login', mayBeSeen: true }, never),
    port.read({ text: 'echo hidden', as: 'login' }, new AbortController().signal),
  ]);
  expect([seen.stdout, hidden.stdout]).toEqual(['in sight\n', 'hidden\n']);
  expect(line.commands.filter((command) => command.includes('in sight'))).toHaveLength(1);
  expect([...line.commands, ...line.spares].join()).not.toContain('hidden');
});

test('what may not be seen is not seen together with what may', async () => {
  const port = portOf();
  await Promise.all([
    port.read({ text: 'echo in sight', as: 'login', mayBeSeen: true }, never),
    port.read({ text: 'echo hidden', as: 'login' }, never),
  ]);
  expect([...line.commands, ...line.spares].join()).not.toMatch(/in sight|hidden/u);
});

test('where a shell stands ready, a look that may be seen is said to it', async () => {
  const port = portOf();
  await port.info(never);
  await until(() => line.spares.length > 2);
  line.commands.length = 0;
  await port.read({ text: 'echo in sight', as: 'login', mayBeSeen: true }, never);
  expect(line.commands).toEqual([]);
});

test('an account whose shell takes no script as a command is not given another', async () => {
  line.remove();
  line = new LocalLine({ accountShell: '/bin/sh' });
  line.addProgram('sh', '#!/bin/sh\n[ "$1" != -c ] || exit 9\nexec /bin/sh "$@"\n');
  const port = portOf();
  const info = await port.info(never);
  expect(info.hostName).not.toBe('');
  const said = await port.read({ text: 'echo there', as: 'login', mayBeSeen: true }, never);
  expect(said.stdout).toBe('there\n');
  expect(line.commands.filter((command) => command.includes('eval'))).toHaveLength(1);
});

test('a script that hangs holds up no other', async () => {
  const port = portOf();
  await port.info(never);
  const stop = new AbortController();
  const hung = [1, 2, 3].map(() => port.read({ text: 'sleep 1000', as: 'login' }, stop.signal));
  const said = await port.read({ text: 'echo there', as: 'login' }, never);
  expect(said.stdout).toBe('there\n');
  stop.abort();
  for (const one of hung) {
    await expect(one).rejects.toMatchObject({ code: 'STEP_STOPPED' });
  }
});

test('what a login shell prints before its script is no output of it', async () => {
  line.addProgram(
    'sh',
    '#!/bin/sh\necho noise; echo more >&2; PATH=/usr/bin:/bin exec /bin/sh "$@"\n',
  );
  const port = portOf();
  await port.info(never);
  const said = await port.read({ text: 'echo mine', as: 'login' }, never);
  expect(said).toMatchObject({ exitCode: 0, stdout: 'mine\n', stderr: '' });
});

test('after a drop the shells of the old line are not used', async () => {
  const port = portOf();
  await port.info(never);
  line.drop();
  line.restore();
  const notes = new Notes();
  const id = { runId: 'run-1', name: 'job' };
  const parts = [{ name: 'part', script: 'echo again' }];
  expect(await port.run({ id, as: 'login', parts }, notes, never)).toMatchObject({
    status: 'ended',
  });
  expect(notes.lines).toEqual(['again']);
});

test('spare places are given only beside a free one, and given back when others wait', async () => {
  const gate = new ChannelGate(2);
  const stopped = () => new Error('stopped');
  const spare = gate.enterSpare(() => {
    spare?.leave();
    return true;
  });
  expect(spare).not.toBeNull();
  expect(gate.enterSpare(() => true)).toBeNull();
  await gate.enter(never, stopped);
  await gate.enter(never, stopped);
});
