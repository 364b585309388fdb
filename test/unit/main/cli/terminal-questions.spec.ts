import { expect, test } from 'vitest';
import { terminalQuestions } from '../../../../main/cli/terminal-questions.js';
import type { Question } from '../../../../main/connections/questions.js';

const { signal } = new AbortController();
const fingerprint = `SHA256:${'a'.repeat(37)}BCDEFG`;
const hostKey: Question = {
  kind: 'host-key',
  host: 'app-1',
  address: '192.0.2.7:22',
  keyType: 'ssh-ed25519',
  fingerprint,
};

/** A terminal that answers with these lines; `null` stands for a machine without one. */
function asking(lines: readonly (string | null)[] | null, acceptedKeys: readonly string[] = []) {
  const typed = [...(lines ?? [])];
  const prompts: { prompt: string; isHidden: boolean }[] = [];
  const questions = terminalQuestions({
    terminal: {
      canAsk: lines !== null,
      read: (prompt, { isHidden }) => {
        prompts.push({ prompt, isHidden });
        return Promise.resolve(typed.shift() ?? null);
      },
    },
    say: () => undefined,
    acceptedKeys,
  });
  return { prompts, ask: (question: Question) => questions.ask(question, signal) };
}

test('an unknown key is trusted only when the end of its fingerprint is typed', async () => {
  expect(await asking(['BCDEFG']).ask(hostKey)).toEqual({ kind: 'accept' });
  expect(await asking(['']).ask(hostKey)).toEqual({ kind: 'refuse' });
  expect(await asking(['yes']).ask(hostKey)).toEqual({ kind: 'refuse' });
  expect(await asking([null]).ask(hostKey)).toEqual({ kind: 'refuse' });
});

test('where nobody can be asked, the key that the command line names is trusted and no other', async () => {
  expect(await asking(null, [fingerprint]).ask(hostKey)).toEqual({ kind: 'accept' });

  await expect(asking(null, [`SHA256:${'b'.repeat(43)}`]).ask(hostKey)).rejects.toMatchObject({
    code: 'QUESTION_UNANSWERED',
    message: expect.stringContaining(`--accept-host-key ${fingerprint}`) as string,
  });
});

test('a secret is read without showing it, and breaking off gives none', async () => {
  const given = asking(['hunter2', null]);

  expect(await given.ask({ kind: 'password', host: 'app-1', user: 'deploy' })).toEqual({
    kind: 'secret',
    value: 'hunter2',
  });
  expect(await given.ask({ kind: 'sudo-password', host: 'app-1', user: 'deploy' })).toEqual({
    kind: 'refuse',
  });
  expect(given.prompts.every(({ isHidden }) => isHidden)).toBe(true);
});

test('prompts of the host are answered in order, shown or hidden as it says', async () => {
  const given = asking(['me', '123456']);
  const prompts = [
    { text: 'Name: ', isShown: true },
    { text: 'Code: ', isShown: false },
  ];

  expect(
    await given.ask({ kind: 'prompts', host: 'app-1', title: '', instructions: '', prompts }),
  ).toEqual({ kind: 'values', values: ['me', '123456'] });
  expect(given.prompts.map(({ isHidden }) => isHidden)).toEqual([false, true]);
});

test.each<Question>([
  { kind: 'password', host: 'app-1', user: 'deploy' },
  {
    kind: 'database-password',
    database: 'main',
    user: 'app',
    address: 'db.example:5432',
    wasWrong: false,
  },
  { kind: 'passphrase', keyFile: '/keys/one' },
  { kind: 'sudo-password', host: 'app-1', user: 'deploy' },
  { kind: 'prompts', host: 'app-1', title: '', instructions: '', prompts: [] },
])('without a terminal it is said what could not be asked: $kind', async (question) => {
  await expect(asking(null).ask(question)).rejects.toMatchObject({
    code: 'QUESTION_UNANSWERED',
    message: expect.stringMatching(/no terminal/) as string,
  });
});
