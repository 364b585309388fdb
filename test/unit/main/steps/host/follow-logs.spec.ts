import { appendFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { followFiles } from '../../../../../main/steps/host/follow-files.js';
import type { FileCursors } from '../../../../../main/steps/host/follow-files.js';
import {
  askScript,
  brokenEntry,
  followJournal,
  parseEntry,
} from '../../../../../main/steps/host/follow-journal.js';
import type { LogLine } from '../../../../../main/connections/ports.js';
import { shellHost } from '../../../../fakes/shell-host.js';
import { fill, programs, temporary } from './folders.js';

/** Follows a file as the service's log does: again and again, with the cursors kept. */
function following(path: string) {
  const host = shellHost();
  const cursors: FileCursors = new Map();
  const lines: string[] = [];
  const abort = new AbortController();
  const once = () =>
    followFiles(
      host,
      { files: [{ path, stream: 'stdout' }], as: 'login', now: () => '2026-11-25T10:00:00.000Z' },
      cursors,
      ({ text }) => {
        lines.push(text);
      },
      abort.signal,
    );
  const rounds = (async () => {
    while (!abort.signal.aborted) {
      await once().catch(() => undefined);
    }
  })();
  return {
    host,
    lines,
    until: (last: string) =>
      vi.waitFor(
        () => {
          expect(lines.at(-1)).toBe(last);
        },
        { timeout: 8_000, interval: 10 },
      ),
    end: async () => {
      abort.abort();
      await rounds;
    },
  };
}

describe('following a log file on a host', () => {
  it('loses and doubles no line when the line to the host drops again and again', async () => {
    const path = join(temporary(), 'out.log');
    writeFileSync(path, '');
    const { host, lines, until, end } = following(path);
    const written: string[] = [];
    for (let round = 0; round < 12; round += 1) {
      const batch = Array.from(
        { length: 400 },
        (_, index) => `${String(round)}:${String(index)} ü`,
      );
      appendFileSync(path, `${batch.join('\n')}\n`);
      written.push(...batch);
      await vi.waitFor(
        () => {
          expect(lines.length).toBeGreaterThan(round * 300);
        },
        { timeout: 8_000, interval: 5 },
      );
      host.cut();
    }

    appendFileSync(path, 'the end\n');
    await until('the end');
    await end();

    expect(lines).toEqual([...written, 'the end']);
  });

  it('puts a line together that came in two pieces', async () => {
    const path = join(temporary(), 'out.log');
    writeFileSync(path, 'first\nsec');
    const { host, lines, until, end } = following(path);
    await until('first');
    host.cut();
    appendFileSync(path, 'ond\n');
    await until('second');
    await end();

    expect(lines).toEqual(['first', 'second']);
  });

  it('cuts a line of a million characters, says how much is missing, and goes on behind it', async () => {
    const path = join(temporary(), 'out.log');
    writeFileSync(path, 'first\n');
    const { lines, until, end } = following(path);
    await until('first');
    appendFileSync(path, `${'x'.repeat(1_000_000)}\nlast\n`);
    await until('last');
    await end();

    expect(lines).toHaveLength(3);
    expect(lines[1]).toBe(
      `${'x'.repeat(65_536)} … (934464 more characters of this line are not shown)`,
    );
  });

  it('begins anew in a file that was rotated or cut', async () => {
    const path = join(temporary(), 'out.log');
    writeFileSync(path, 'one\n');
    const { lines, until, end } = following(path);
    await until('one');
    renameSync(path, `${path}.1`);
    writeFileSync(path, 'two\n');
    await until('two');
    writeFileSync(path, '3\n');
    await until('3');
    await end();

    expect(lines).toEqual(['one', 'two', '3']);
  });
});

describe('following the journal of a unit', () => {
  /** Prints what comes behind the cursor that was asked for, then stays. */
  const journalctl = (folder: string): string => `
for word in "$@"; do case $word in --after-cursor=*) after=\${word#*=} ;; esac; done
while IFS= read -r line; do
  case $line in *"\\"__CURSOR\\":\\"$after\\""* | *"\\"__CURSOR\\" : \\"$after\\""*) [ -n "\${after:-}" ] && { after=; continue; } ;; esac
  [ -n "\${after:-}" ] || printf '%s\\n' "$line"
done <'${folder}/journal'
exec sleep 30`;
  const entry = (cursor: string, MESSAGE: unknown, PRIORITY = '6') =>
    JSON.stringify({
      __CURSOR: cursor,
      __REALTIME_TIMESTAMP: '1764064800123456',
      MESSAGE,
      PRIORITY,
    });

  it('goes on right behind the last line after the line to the host dropped', async () => {
    const folder = temporary();
    fill(folder, { journal: `${entry('a', 'one')}\n${entry('b', 'two')}\n` });
    const host = shellHost({ programs: programs({ journalctl: journalctl(folder) }) });
    const lines: LogLine[] = [];
    const cursor = { last: null };
    const { signal } = new AbortController();
    const follow = () =>
      followJournal(
        host,
        'tradewizard',
        cursor,
        (line) => {
          lines.push(line);
        },
        signal,
      );
    const first = follow().catch(() => undefined);
    await vi.waitFor(() => {
      expect(lines).toHaveLength(2);
    });
    host.cut();
    await first;
    appendFileSync(join(folder, 'journal'), `${entry('c', 'three', '3')}\n`);

    const second = follow().catch(() => undefined);
    await vi.waitFor(() => {
      expect(lines).toHaveLength(3);
    });
    host.cut();
    await second;

    expect(lines.map(({ text, stream }) => [text, stream])).toEqual([
      ['one', 'stdout'],
      ['two', 'stdout'],
      ['three', 'stderr'],
    ]);
    expect(lines[0]?.at).toBe('2025-11-25T10:00:00.123Z');
  });

  it.each([
    ['a key of the journal', '"__CURSOR":"s=a;i=1"', '":'],
    ['the name of that key', '__CURSOR', '":'],
    ['written as older systemds do', '"__CURSOR" : "s=a;i=1"', '" : '],
  ])(
    'asks on by itself behind the last line that there was, also where it is %s',
    async (_what, said, colon) => {
      const folder = temporary();
      const written = (number: number, text: string): string =>
        entry(`s=a;i=${String(number)}`, text).replaceAll('":', colon);
      fill(folder, { journal: `${written(1, 'one')}\n` });
      const asked = journalctl(folder).replace('exec sleep 30', '');
      const host = shellHost({ programs: programs({ journalctl: asked }) });
      const lines: string[] = [];
      const found = new AbortController();
      const more = [written(2, said), written(3, 'three')];
      await followJournal(
        host,
        'tradewizard',
        { last: 's=a;i=1' },
        ({ text }) => {
          lines.push(text);
          const next = more.shift();
          if (next === undefined) {
            found.abort();
          } else {
            appendFileSync(join(folder, 'journal'), `${next}\n`);
          }
        },
        found.signal,
        (unit, after) => {
          appendFileSync(join(folder, 'journal'), `${more.shift() ?? ''}\n`);
          return askScript(unit, after);
        },
      );
      expect(lines).toEqual([said, 'three']);
      expect(host.scripts).toHaveLength(1);
    },
  );

  it('asks as root where root is to be had, and never lets the unit become an option', async () => {
    const folder = temporary();
    fill(folder, { journal: '' });
    const host = shellHost({
      info: { sudo: 'passwordless' },
      programs: programs({ journalctl: `printf '%s\\n' "$@" >'${folder}/words'` }),
    });

    await followJournal(
      host,
      '-x $(id)',
      { last: null },
      () => undefined,
      new AbortController().signal,
    );

    const { readFileSync } = await import('node:fs');
    expect(host.scripts[0]?.as).toBe('root');
    expect(readFileSync(join(folder, 'words'), 'utf8')).toContain('--unit=-x $(id)\n');
  });

  it('reads bytes that are no text, lines that were too long, and passes over anything else', () => {
    expect(parseEntry(entry('a', [104, 255, 105]))?.line.text).toBe('h\ufffdi');
    expect(parseEntry(entry('a', null))?.line.text).toContain('too long');
    expect(parseEntry(entry('a', 'x'.repeat(1_000_000)))?.line.text).toBe(
      `${'x'.repeat(65_536)} … (934464 more characters of this line are not shown)`,
    );
    expect(parseEntry('Welcome to app-1!')).toBeNull();
    expect(parseEntry('{"MESSAGE":')).toBeNull();
  });

  it('says that an entry is missing which is too long even to be read', () => {
    const cut = entry('s=1;i=2', 'x'.repeat(1_000)).slice(0, 500);
    expect(parseEntry(cut)).toBeNull();
    expect(brokenEntry(cut)).toMatchObject({
      cursor: 's=1;i=2',
      line: { text: expect.stringContaining('at least 500 characters') as string },
    });
    expect(brokenEntry('Welcome to app-1!')).toBeNull();
  });
});
