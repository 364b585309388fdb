import { expect, test } from 'vitest';
import { databaseLight } from '../../../../../main/connections/database/database-light.js';
import type { DatabaseInfo, DatabasePort } from '../../../../../main/connections/ports.js';
import { AppError } from '../../../../../shared/errors/app-error.js';

const { signal } = new AbortController();

const info: DatabaseInfo = {
  name: 'main',
  address: 'db.example:5432',
  database: 'app',
  user: 'reader',
  serverVersion: 150_008,
  serverVersionText: '15.8',
  isTls: true,
  isSuperuser: false,
  canCreateDatabase: false,
  pooler: null,
  flavour: 'plain',
  systemIdentifier: null,
  schemas: ['public'],
};

/** A server that answers, or says why it does not. */
function server(answer: { readonly says?: Error; readonly isTls?: boolean } = {}): DatabasePort {
  return {
    read: () => (answer.says === undefined ? Promise.resolve([]) : Promise.reject(answer.says)),
    info: () => Promise.resolve({ ...info, isTls: answer.isTls ?? true }),
  } as Partial<DatabasePort> as DatabasePort;
}

test('says as whom, where and how safely the database answers', async () => {
  expect(await databaseLight('main', server(), signal)).toMatchObject({
    state: 'ok',
    text: 'answers',
    uses: ['as reader at db.example:5432', 'PostgreSQL 15.8, TLS verified'],
  });
});

test('does not call a line verified that has no TLS', async () => {
  const { uses } = await databaseLight('main', server({ isTls: false }), signal);
  expect(uses).toContain('PostgreSQL 15.8, without TLS');
});

test('asks nobody for a password: a database that was not needed yet is only not connected', async () => {
  expect(await databaseLight('main', null, signal)).toMatchObject({ state: 'checking' });
});

test.each([
  [
    'its own reason',
    new AppError('DATABASE_LOGIN_REFUSED', 'main refuses reader.'),
    'main refuses',
  ],
  ['that time ran out', new AppError('STEP_STOPPED', 'Stopped.'), 'No answer in time'],
  ['nothing of an error of ours', new TypeError('secret detail'), 'details are in the app log'],
])('is red and shows %s', async (_what, says, words) => {
  const light = await databaseLight('main', server({ says }), signal);
  expect(light.state).toBe('bad');
  expect(light.text).toContain(words);
  expect(light.text).not.toContain('secret detail');
});
