import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const folder = new URL('../../../../main/range/', import.meta.url).pathname;
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ name, text: readFileSync(path.join(folder, name), 'utf8') }));

const using = (pattern: RegExp): string[] =>
  files.filter(({ text }) => pattern.test(text)).map(({ name }) => name);

// Nothing real may be within the range's reach, so what could reach out must not even be there.
describe('the range’s own code', () => {
  it('is found by this test', () => {
    expect(files.length).toBeGreaterThan(30);
  });

  it('starts no program of the system', () => {
    expect(
      using(/child_process|worker_threads|node:cluster|node:vm|process\.binding|\beval\b/),
    ).toEqual([]);
  });

  it('opens no connection, but to ask whether its own socket is alive', () => {
    const outgoing =
      /\bfetch\b|node:(https|http2|tls|dgram|dns|inspector)|\b(connect|createConnection|WebSocket|http\.get|http\.request)\b\s*\(/;

    expect(using(outgoing)).toEqual(['socket-path.ts']);
    expect(
      using(
        /import .*\b(request|get|Agent|Socket|connect|createConnection)\b.* from 'node:(http|net)'/,
      ),
    ).toEqual(['socket-path.ts']);
    expect(files.find(({ name }) => name === 'socket-path.ts')?.text).toMatch(
      /connect\(\{ path: socket \}\)/,
    );
    expect(using(/\bimport\(|\brequire\(/)).toEqual([]);
  });

  it('listens on the loopback address and on its socket only', () => {
    const listens = files.flatMap(({ text }) => text.match(/\.listen\([^)]*\)?/g) ?? []);

    expect(listens.length).toBeGreaterThan(1);
    for (const listen of listens) {
      expect(listen).toMatch(/host: '127\.0\.0\.1'|path: this\.#socket/);
    }
  });

  it('reads nothing from the process’s environment', () => {
    expect(using(/process\.env|\benv\b.*node:process/)).toEqual([]);
  });
});
