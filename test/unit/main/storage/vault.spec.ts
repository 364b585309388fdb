import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Vault } from '../../../../main/storage/vault.js';
import { RunId } from '../../../../shared/run/events.js';

const run = RunId.parse('0197c2a5-0000-7000-8000-000000000001');
const other = RunId.parse('0197c2a5-0000-7000-8000-000000000002');
const value = { Env: ['API_KEY=s3cret-value'] };
let folder: string;

beforeEach(async () => {
  folder = path.join(await mkdtemp(path.join(os.tmpdir(), 'vault-')), 'vault');
});
afterEach(async () => {
  await rm(path.dirname(folder), { recursive: true, force: true });
});

test('gives back what was put in, also to a console that is started anew', async () => {
  await new Vault(folder).of(run).put('container-web', value);
  expect(await new Vault(folder).of(run).get('container-web')).toEqual(value);
});

test('writes nothing that can be read, and lets only its owner at it', async () => {
  await new Vault(folder).of(run).put('container-web', value);
  for (const file of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const place = path.join(file.parentPath, file.name);
    const { mode } = await stat(place);
    expect(mode & 0o077).toBe(0);
    if (file.isFile()) {
      expect((await readFile(place)).toString('latin1')).not.toContain('s3cret');
    }
  }
});

test('does not open an entry that was changed, moved, or made with another key', async () => {
  const vault = new Vault(folder);
  await vault.of(run).put('one', value);
  await vault.of(run).put('two', 'another');
  await vault.of(other).put('one', 'another');
  const file = path.join(folder, run, 'one');
  const bytes = await readFile(file);
  const unreadable = { code: 'VAULT_UNREADABLE' };

  await writeFile(path.join(folder, run, 'two'), bytes);
  await expect(vault.of(run).get('two')).rejects.toMatchObject(unreadable);
  await writeFile(path.join(folder, other, 'one'), bytes);
  await expect(vault.of(other).get('one')).rejects.toMatchObject(unreadable);
  const changed = Buffer.from(bytes);
  changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
  await writeFile(file, changed);
  await expect(vault.of(run).get('one')).rejects.toMatchObject(unreadable);
  await writeFile(file, bytes.subarray(0, 9));
  await expect(vault.of(run).get('one')).rejects.toMatchObject(unreadable);

  await writeFile(file, bytes);
  await writeFile(path.join(folder, 'key'), Buffer.alloc(32));
  await expect(new Vault(folder).of(run).get('one')).rejects.toMatchObject(unreadable);
  await writeFile(path.join(folder, 'key'), 'short');
  await expect(new Vault(folder).of(run).get('one')).rejects.toMatchObject(unreadable);
});

test('says that nothing is kept, and forgets a run as a whole and no other', async () => {
  const vault = new Vault(folder);
  expect(await vault.runs()).toEqual([]);
  await vault.forget(run);
  await vault.of(run).put('one', value);
  await vault.of(other).put('one', value);
  expect([...(await vault.runs())].sort()).toEqual([run, other]);
  await vault.forget(run);
  await expect(vault.of(run).get('one')).rejects.toMatchObject({ code: 'VAULT_EMPTY' });
  expect(await vault.of(other).get('one')).toEqual(value);
});

test('uses one key where several consoles begin at once', async () => {
  const consoles = Array.from({ length: 8 }, () => new Vault(folder));
  await Promise.all(consoles.map((vault, at) => vault.of(run).put(`entry-${String(at)}`, at)));
  const fresh = new Vault(folder).of(run);
  for (const at of consoles.keys()) {
    expect(await fresh.get(`entry-${String(at)}`)).toBe(at);
  }
});

test('marks equal values alike, others apart, and differently in every run and on every console', async () => {
  const vault = new Vault(folder);
  const mark = await vault.of(run).mark('s3cret');
  expect(mark).toMatch(/^[0-9a-f]{8}$/);
  expect(await new Vault(folder).of(run).mark('s3cret')).toBe(mark);
  expect(await vault.of(run).mark('s3cres')).not.toBe(mark);
  expect(await vault.of(other).mark('s3cret')).not.toBe(mark);
  expect(await new Vault(`${folder}-2`).of(run).mark('s3cret')).not.toBe(mark);
});
