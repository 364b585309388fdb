import { describe, expect, test } from 'vitest';
import {
  judgeKey,
  knownHostName,
  knownKeyTypes,
  parseKnownHosts,
} from '../../../../../main/connections/ssh/known-hosts.js';

function keyOf(type: string, seed: string): Buffer {
  const field = (text: string): Buffer => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(text.length);
    return Buffer.concat([length, Buffer.from(text)]);
  };
  return Buffer.concat([field(type), field(seed)]);
}

const good = keyOf('ssh-ed25519', 'good');
const other = keyOf('ssh-ed25519', 'other');
const ecdsa = keyOf('ecdsa-sha2-nistp256', 'curve');
const lineOf = (hosts: string, key: Buffer, marker = ''): string =>
  `${marker}${hosts} ${key.toString('latin1', 4, 4 + key.readUInt32BE(0))} ${key.toString('base64')}\n`;
const listOf = (...lines: readonly string[]) => parseKnownHosts(lines.join(''), '/known');

describe('what the lists say about a key', () => {
  test('knows a key again', () => {
    expect(judgeKey(listOf(lineOf('app', good)), 'app', good)).toEqual({
      status: 'known',
      where: '/known:1',
    });
  });

  test('does not know a host of another name or port', () => {
    const list = listOf(lineOf('app', good), lineOf('[app]:2222', good));
    expect(judgeKey(list, 'app.example.com', good).status).toBe('unknown');
    expect(judgeKey(list, knownHostName('app', 2223), good).status).toBe('unknown');
    expect(judgeKey(list, knownHostName('APP', 2222), good).status).toBe('known');
  });

  test('takes one of several keys of a host', () => {
    const list = listOf(lineOf('app', other), lineOf('app', good));
    expect(judgeKey(list, 'app', good).status).toBe('known');
  });

  test('calls another key of a known host changed, of whatever type it is', () => {
    const list = listOf(lineOf('app', good));
    expect(judgeKey(list, 'app', other)).toMatchObject({
      status: 'changed',
      known: [{ where: '/known:1' }],
    });
    expect(judgeKey(list, 'app', ecdsa).status).toBe('changed');
  });

  test('refuses a revoked key whatever else is known, also under the name without a port', () => {
    const list = listOf(lineOf('app', good), lineOf('*', good, '@revoked '));
    expect(judgeKey(list, 'app', good)).toEqual({ status: 'revoked', where: '/known:2' });
    const bare = listOf(lineOf('[app]:2222', good), lineOf('app', good, '@revoked '));
    expect(judgeKey(bare, '[app]:2222', good, 'app').status).toBe('revoked');
  });

  test('takes a revoked line for no knowledge of the host', () => {
    expect(judgeKey(listOf(lineOf('app', other, '@revoked ')), 'app', good).status).toBe('unknown');
  });

  test('says that only an authority speaks for a host, and never takes its key for the host’s own', () => {
    const list = listOf(lineOf('*.example.com', good, '@cert-authority '));
    expect(judgeKey(list, 'app.example.com', good)).toEqual({
      status: 'authority-only',
      where: '/known:1',
    });
    const both = listOf(
      lineOf('*.example.com', good, '@cert-authority '),
      lineOf('app.example.com', other),
    );
    expect(judgeKey(both, 'app.example.com', other).status).toBe('known');
    expect(judgeKey(both, 'app.example.com', good).status).toBe('changed');
  });

  test('takes the name without a port only for the very same key', () => {
    const list = listOf(lineOf('app', good));
    expect(judgeKey(list, '[app]:2222', good, 'app').status).toBe('known');
    expect(judgeKey(list, '[app]:2222', other, 'app').status).toBe('unknown');
  });

  test('lets a pattern with an exclamation mark leave a host out', () => {
    const list = listOf(lineOf('*.example.com,!db.example.com', good));
    expect(judgeKey(list, 'app.example.com', good).status).toBe('known');
    expect(judgeKey(list, 'db.example.com', good).status).toBe('unknown');
  });

  test.each([
    ['a key of another type than the line says', `app ssh-rsa ${good.toString('base64')}`],
    ['no key', 'app ssh-ed25519'],
    ['something else than base64', 'app ssh-ed25519 ????'],
    ['an unknown marker', `@trusted app ssh-ed25519 ${good.toString('base64')}`],
    ['a comment', `#app ssh-ed25519 ${good.toString('base64')}`],
    ['an unknown way of hashing', `|2|aaaa|bbbb ssh-ed25519 ${good.toString('base64')}`],
  ])('trusts nothing because of a line with %s', (_what, text) => {
    expect(judgeKey(parseKnownHosts(text, '/known'), 'app', good).status).toBe('unknown');
  });

  test('names the types it knows of a host, without those of authorities and revoked keys', () => {
    const list = listOf(
      lineOf('app', ecdsa),
      lineOf('app', good, '@cert-authority '),
      lineOf('app', good, '@revoked '),
    );
    expect(knownKeyTypes(list, 'app')).toEqual(['ecdsa-sha2-nistp256']);
  });
});
