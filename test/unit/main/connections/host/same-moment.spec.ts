import { expect, test } from 'vitest';
import { SameMoment } from '../../../../../main/connections/host/same-moment.js';
import type { HostScript } from '../../../../../main/connections/host-types.js';

const { signal } = new AbortController();
const script: HostScript = { text: 'date', as: 'root' };

/** Answers with how often it was asked. */
function counted() {
  let asked = 0;
  const looks = new SameMoment(() => {
    asked += 1;
    return Promise.resolve({ exitCode: 0, stdout: String(asked), stderr: '', isCut: false });
  });
  return async (one: HostScript, its = signal) => (await looks.read(one, its)).stdout;
}

test('who asks the same in the same moment gets the same answer', async () => {
  const read = counted();
  expect(await Promise.all([read(script), read({ ...script })])).toEqual(['1', '1']);
});

test('who asks later is not given an earlier answer', async () => {
  const read = counted();
  expect(await read(script)).toBe('1');
  await new Promise(setImmediate);
  expect(await read(script)).toBe('2');
});

test('another script, another account or another patience is asked for itself', async () => {
  const read = counted();
  const said = await Promise.all([
    read(script),
    read({ ...script, text: 'id' }),
    read({ ...script, as: 'login' }),
    read(script, new AbortController().signal),
  ]);
  expect(said).toEqual(['1', '2', '3', '4']);
});
