import { expect, test } from 'vitest';
import { hostActions } from '../../../../renderer/app/host-actions.js';
import { lightState, lightText, lightTitle } from '../../../../renderer/app/light-words.js';
import { answerFor, missingFor, wordsFor } from '../../../../renderer/app/question-words.js';
import type { Question } from '../../../../shared/connections/questions.js';
import type { Light } from '../../../../shared/ipc/views.js';
import type { Client } from '../../../../renderer/ipc/client.js';
import type { DialogSpec } from '../../../../renderer/ui/actions/dialog-spec.js';
import { runId } from '../../../fakes/sample-run.js';

const hostKey: Question = {
  kind: 'host-key',
  host: 'app-1',
  address: 'app-1.example:22',
  keyType: 'ssh-ed25519',
  fingerprint: 'SHA256:abcdefGHIJKL',
};
const prompts: Question = {
  kind: 'prompts',
  host: 'app-1',
  title: 'Two factors',
  instructions: ' ',
  prompts: [
    { text: 'Name:', isShown: true },
    { text: 'Code: ', isShown: false },
  ],
};

test('a key cannot be trusted before the end of its fingerprint is typed', () => {
  expect(missingFor(hostKey, {})).toContain('last 6 characters');
  expect(missingFor(hostKey, { typed: 'yes' })).not.toBeNull();
  expect(missingFor(hostKey, { typed: 'ghijkl' })).not.toBeNull();
  expect(missingFor(hostKey, { typed: ' GHIJKL ' })).toBeNull();
  expect(wordsFor(hostKey).isDanger).toBe(true);
  expect(wordsFor(hostKey).lines.join()).toContain('SHA256:abcdefGHIJKL');
  expect(wordsFor(hostKey).lines.join()).toContain('-lf /etc/ssh/ssh_host_ed25519_key.pub');
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
])('a secret is hidden and goes out exactly as it was typed: $kind', (question) => {
  expect(wordsFor(question).fields).toMatchObject([{ name: 'secret', isSecret: true }]);
  expect(missingFor(question, {})).not.toBeNull();
  expect(answerFor(question, { secret: ' a b ' })).toEqual({ kind: 'secret', value: ' a b ' });
});

test('the words of a host are shown as its own, each answer hidden where it says so', () => {
  const { fields, lines, text } = wordsFor(prompts);

  expect(fields.map(({ label, isSecret }) => [label, isSecret])).toEqual([
    ['Name', false],
    ['Code', true],
  ]);
  expect(lines).toEqual(['Two factors']);
  expect(text).toContain('words of the host itself');
  expect(answerFor(prompts, { 0: 'me', 1: '123456' })).toEqual({
    kind: 'values',
    values: ['me', '123456'],
  });
});

const up: Light = { name: 'app-1', state: 'ok', text: 'deploy at 192.0.2.7', uses: ['as deploy'] };
const client = {} as Client;

test('a light says its host alone while all is well, and in words what is not', () => {
  expect(lightText(up)).toBe('app-1');
  expect(lightTitle(up)).toBe('deploy at 192.0.2.7\nas deploy');
  expect(lightText({ ...up, state: 'checking', text: 'line lost, reconnecting' })).toBe(
    'app-1 line lost, reconnecting',
  );
  expect(lightText({ ...up, lockedBy: 'Grace' })).toBe('app-1 locked by Grace');
  expect(lightState({ ...up, lockedBy: 'Grace' })).toBe('bad');
});

test('a host that is away can be tried again; a lock is broken only with a reason', () => {
  const asked: DialogSpec[] = [];
  const labels = (light: Light) =>
    hostActions({ runId, lights: [light], client }, (dialog) => {
      asked.push(dialog);
    });

  expect(labels(up)).toEqual([]);
  expect(labels({ name: 'docker', state: 'bad', text: 'no socket' })).toEqual([]);
  expect(labels({ ...up, state: 'bad' })[0]?.label).toBe('Connect to app-1 again');
  const [breaking] = labels({ ...up, lockedBy: 'Grace' });
  void breaking?.run();
  expect(asked).toMatchObject([
    { isDanger: true, lines: ['locked by Grace'], fields: [{ name: 'reason' }] },
  ]);
  expect(asked[0]?.fields[0]).not.toHaveProperty('isOptional');
});
