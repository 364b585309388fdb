import { expect, test } from 'vitest';
import { SameMoment } from '../../../../../main/connections/host/same-moment.js';
import type { HostScript } from '../../../../../main/connections/host-types.js';

const { signal } = new AbortController();
const script: HostScript = { text: 'date', as: 'root' };

/** Answers each with the scripts that were asked together, and writes those down. */
function asking() {
  const asked: string[] = [];
  const looks = new SameMoment((_as, questions) => {
    const together = questions.map(({ text }) => text).join(' ');
    asked.push(together);
    for (const { text, answer } of questions) {
      answer({ exitCode: 0, stdout: `${text} of ${together}`, stderr: '', isCut: false });
    }
    return Promise.resolve();
  });
  const read = async (one: HostScript, its = signal) => (await looks.read(one, its)).stdout;
  return { asked, read };
}

test('who asks the same in the same moment gets the same answer', async () => {
  const { asked, read } = asking();
  const said = await Promise.all([read(script), read({ ...script })]);
  expect(said).toEqual(['date of date', 'date of date']);
  expect(asked).toEqual(['date']);
});

test('what is asked in the same moment is asked together, and each gets its own answer', async () => {
  const { asked, read } = asking();
  const later = Promise.resolve().then(() => read({ ...script, text: 'id' }));
  expect(await Promise.all([read(script), later])).toEqual(['date of date id', 'id of date id']);
  expect(asked).toEqual(['date id']);
});

test('who asks later is not given an earlier answer', async () => {
  const { asked, read } = asking();
  await read(script);
  await read(script);
  expect(asked).toEqual(['date', 'date']);
});

test('another account or another patience is asked for itself', async () => {
  const { asked, read } = asking();
  const { signal: other } = new AbortController();
  await Promise.all([read(script), read({ ...script, as: 'login' }), read(script, other)]);
  expect(asked).toEqual(['date', 'date', 'date']);
});

test('what breaks off is refused to those alone who have no answer yet', async () => {
  const looks = new SameMoment((_as, [first]) => {
    first?.answer({ exitCode: 0, stdout: 'seen', stderr: '', isCut: false });
    return Promise.reject(new Error('broke off'));
  });
  const said = await Promise.allSettled([
    looks.read(script, signal),
    looks.read({ ...script, text: 'id' }, signal),
  ]);
  expect(said).toMatchObject([
    { status: 'fulfilled', value: { stdout: 'seen' } },
    { status: 'rejected', reason: new Error('broke off') },
  ]);
});
