import { expect, test } from 'vitest';
import { QuestionDesk } from '../../../../main/connections/question-desk.js';
import type { Question } from '../../../../main/connections/questions.js';
import type { AskedQuestion } from '../../../../shared/ipc/views.js';

const hostKey: Question = {
  kind: 'host-key',
  host: 'app-1',
  address: '192.0.2.7:22',
  keyType: 'ssh-ed25519',
  fingerprint: 'SHA256:abcdefghijkl',
};
const password: Question = { kind: 'password', host: 'app-1', user: 'deploy' };

function desk() {
  const seen: (readonly AskedQuestion[])[] = [];
  const questions = new QuestionDesk((pending) => {
    seen.push(pending);
  });
  return { questions, seen };
}

test('a question stays open until it is answered, so that a page that comes later finds it', async () => {
  const { questions, seen } = desk();
  const answered = questions.ask(password, new AbortController().signal);
  const [asked] = questions.pending;

  questions.answer(asked!.id, { kind: 'secret', value: 'hunter2' });

  expect(await answered).toEqual({ kind: 'secret', value: 'hunter2' });
  expect(seen.map((pending) => pending.length)).toEqual([1, 0]);
  expect(JSON.stringify(seen)).not.toContain('hunter2');
});

test('a host key is trusted by a clear word only', async () => {
  const { questions } = desk();
  const answered = questions.ask(hostKey, new AbortController().signal);
  const { id } = questions.pending[0]!;

  expect(() => {
    questions.answer(id, { kind: 'secret', value: 'yes' });
  }).toThrow('no answer to this question');
  questions.answer(id, { kind: 'refuse' });

  expect(await answered).toEqual({ kind: 'refuse' });
});

test('as many values are taken as there are prompts', () => {
  const { questions } = desk();
  const prompts = [{ text: 'Code:', isShown: false }];
  const question = {
    kind: 'prompts',
    host: 'app-1',
    title: '',
    instructions: '',
    prompts,
  } as const;
  void questions.ask(question, new AbortController().signal);

  expect(() => {
    questions.answer(questions.pending[0]!.id, { kind: 'values', values: [] });
  }).toThrow('no answer to this question');
});

test('two connections that want the same thing ask once, and both get the answer', async () => {
  const { questions } = desk();
  const { signal } = new AbortController();
  const both = [questions.ask(password, signal), questions.ask({ ...password }, signal)];

  expect(questions.pending).toHaveLength(1);
  questions.answer(questions.pending[0]!.id, { kind: 'secret', value: 'x' });

  expect(await Promise.all(both)).toHaveLength(2);
});

test('a question goes away only when nobody waits for it any more', async () => {
  const { questions } = desk();
  const [first, second] = [new AbortController(), new AbortController()];
  const one = questions.ask(password, first.signal);
  const other = questions.ask(password, second.signal);

  first.abort();
  await expect(one).rejects.toMatchObject({ code: 'STEP_STOPPED' });
  expect(questions.pending).toHaveLength(1);
  second.abort();
  await expect(other).rejects.toMatchObject({ code: 'STEP_STOPPED' });
  expect(questions.pending).toHaveLength(0);
});

test('an answer to a question that is gone is dropped and said', () => {
  const { questions } = desk();

  expect(() => {
    questions.answer('00000000-0000-4000-8000-000000000000', { kind: 'accept' });
  }).toThrow(expect.objectContaining({ code: 'QUESTION_GONE' }));
});
