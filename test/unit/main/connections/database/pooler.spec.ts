import { expect, test } from 'vitest';
import {
  mayCarrySessions,
  poolerByAddress,
  poolerOf,
} from '../../../../../main/connections/database/pooler.js';

test.each([
  ['aws-0-eu-central-1.pooler.supabase.com', 6543, { kind: 'supavisor', mode: 'transaction' }],
  ['aws-0-eu-central-1.pooler.supabase.com', 5432, { kind: 'supavisor', mode: 'session' }],
  ['db.abcdef.supabase.co', 6543, { kind: 'pgbouncer', mode: 'transaction' }],
  ['db.abcdef.supabase.co', 5432, null],
  ['db.example.com', 6432, { kind: 'pgbouncer', mode: 'unknown' }],
  ['db.example.com', 5432, null],
])('%s:%i tells %o', (host, port, pooler) => {
  expect(poolerByAddress(host, port)).toEqual(pooler);
});

test('a server that only listens on a pooler’s usual port is no pooler', () => {
  const signs = { greetedBy: 7, answeredBy: 7, keepsSession: null };
  expect(poolerOf({ kind: 'pgbouncer', mode: 'unknown' }, signs)).toBeNull();
});

test('what stands between and is not seen to keep its sessions carries no dump', () => {
  const lost = poolerOf(null, { greetedBy: 1, answeredBy: 7, keepsSession: false });
  const untried = poolerOf(null, { greetedBy: null, answeredBy: 7, keepsSession: null });
  expect([lost, untried].map(mayCarrySessions)).toEqual([false, false]);
  expect(mayCarrySessions(null)).toBe(true);
});
