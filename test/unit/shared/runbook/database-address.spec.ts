import { expect, test } from 'vitest';
import { readDatabaseAddress } from '../../../../shared/runbook/database-address.js';
import { DatabaseAddress } from '../../../../shared/runbook/environment-schema.js';

const read = (fields: object) =>
  readDatabaseAddress(DatabaseAddress.parse({ name: 'main', ...fields }));

test.each([
  [
    { url: 'postgresql://app@db.example.com:5433/tw' },
    { host: 'db.example.com', port: 5433, database: 'tw', user: 'app', tls: 'verify-full' },
  ],
  [
    { url: 'postgres://a%40b@db.example.com/my%20db', tls: { mode: 'verify-ca' } },
    { host: 'db.example.com', port: 5432, database: 'my db', user: 'a@b', tls: 'verify-ca' },
  ],
  [
    { host: 'localhost', database: 'tw', user: 'app', via: 'db-1' },
    { host: 'localhost', port: 5432, database: 'tw', user: 'app', tls: 'off' },
  ],
  [
    { url: 'postgresql://app@[::1]:5432/tw' },
    { host: '::1', port: 5432, database: 'tw', user: 'app', tls: 'off' },
  ],
])('an address is read as it stands: %o', (fields, place) => {
  expect(read(fields)).toEqual({ place });
});

test.each([
  [{ url: 'https://abcdef.supabase.co' }, 'DATABASE_IS_API_URL', /db\.abcdef\.supabase\.co/],
  [
    { host: 'https://abcdef.supabase.co', database: 'a', user: 'b' },
    'DATABASE_IS_API_URL',
    /pooler/,
  ],
  [{ url: 'https://db.example.com' }, 'DATABASE_IS_API_URL', /web interface/],
  [{ url: 'postgresql://app:secret@db.example.com/tw' }, 'DATABASE_ADDRESS_INVALID', /password/],
  [
    { url: 'postgresql://app@a.example,b.example/tw' },
    'DATABASE_ADDRESS_INVALID',
    /write postgresql/,
  ],
  [{ url: 'host=db dbname=tw' }, 'DATABASE_ADDRESS_INVALID', /write postgresql/],
  [
    { url: 'postgresql://app@db/tw?sslmode=disable' },
    'DATABASE_ADDRESS_INVALID',
    /fields of its own/,
  ],
  [{ url: 'postgresql://db.example.com/tw' }, 'DATABASE_ADDRESS_INVALID', /must all be/],
  [{ url: 'postgresql://app@db/tw', user: 'app' }, 'DATABASE_ADDRESS_INVALID', /either/],
  [{ url: 'postgresql://app@db:1/a%E0%A4%A' }, 'DATABASE_ADDRESS_INVALID', /must all be/],
  [{ host: 'db', user: 'app' }, 'DATABASE_ADDRESS_INVALID', /are needed/],
  [
    { host: 'db', database: 'a', user: 'b', tls: { mode: 'off' } },
    'DATABASE_ADDRESS_INVALID',
    /tunnel/,
  ],
])('what cannot be used is said, without a secret in the words: %o', (fields, code, words) => {
  expect(read(fields)).toEqual({
    problem: { code, text: expect.stringMatching(words) as string },
  });
  expect(JSON.stringify(read(fields))).not.toContain('secret');
});
