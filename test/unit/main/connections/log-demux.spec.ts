import { describe, expect, test } from 'vitest';
import { createLogReader } from '../../../../main/connections/log-demux.js';
import type { LogLine } from '../../../../main/connections/ports.js';

const at = '2026-01-15T10:00:00.123456789Z';

function frame(stream: number, text: string | Buffer): Buffer {
  const body = Buffer.from(text);
  const header = Buffer.alloc(8);
  header.writeUInt8(stream, 0);
  header.writeUInt32BE(body.length, 4);
  return Buffer.concat([header, body]);
}

function read(chunks: readonly Buffer[], tty = false): LogLine[] {
  const lines: LogLine[] = [];
  const reader = createLogReader(tty, (line) => lines.push(line));
  for (const chunk of chunks) {
    reader.push(chunk);
  }
  reader.end();
  return lines;
}

describe('the log reader', () => {
  test('splits the time off and tells the streams apart', () => {
    const chunk = Buffer.concat([frame(1, `${at} hello\n`), frame(2, `${at} trouble\n`)]);
    expect(read([chunk])).toEqual([
      { at, stream: 'stdout', text: 'hello' },
      { at, stream: 'stderr', text: 'trouble' },
    ]);
  });

  test('reads the same lines however the bytes are cut', () => {
    const whole = Buffer.concat([frame(1, `${at} grün\n`), frame(1, ''), frame(2, `${at} 日本\n`)]);
    const expected = read([whole]);
    expect(expected.map(({ text }) => text)).toEqual(['grün', '日本']);
    for (let cut = 1; cut < whole.length; cut += 1) {
      expect(read([whole.subarray(0, cut), whole.subarray(cut)])).toEqual(expected);
    }
    expect(read([...whole].map((byte) => Buffer.from([byte])))).toEqual(expected);
  });

  test('takes ten thousand tiny frames in one chunk without running out of stack', () => {
    const chunk = Buffer.concat(Array.from({ length: 10_000 }, (_, n) => frame(1, `${at} ${n}\n`)));
    const lines = read([chunk]);
    expect(lines).toHaveLength(10_000);
    expect(lines.at(-1)?.text).toBe('9999');
  });

  test('joins a long line that the engine sent in parts, also where a character was cut', () => {
    const character = Buffer.from('ü');
    const first = Buffer.concat([Buffer.from(`${at} begin`), character.subarray(0, 1)]);
    const second = Buffer.concat([
      Buffer.from(`${at} `),
      character.subarray(1),
      Buffer.from(' end\n'),
    ]);
    expect(read([frame(1, first), frame(1, second)])).toEqual([
      { at, stream: 'stdout', text: 'beginü end' },
    ]);
  });

  test('keeps a line of one stream open while the other writes', () => {
    const lines = read([
      frame(1, `${at} one `),
      frame(2, `${at} other\n`),
      frame(1, `${at} line\n`),
    ]);
    expect(lines.map(({ text }) => text)).toEqual(['other', 'one line']);
  });

  test('reads the plain bytes of a container with a terminal', () => {
    const chunks = [Buffer.from(`${at} first\r\n${at} sec`), Buffer.from('ond\r\n')];
    expect(read(chunks, true).map(({ text }) => text)).toEqual(['first', 'second']);
  });

  test('joins the parts of a long line of a terminal', () => {
    const part = 'x'.repeat(16 * 1024);
    const bytes = Buffer.from(`${at} ${part}${at} ${part}${at} end\r\n${at} next\r\n`);
    expect(read([bytes], true).map(({ text }) => text)).toEqual([`${part}${part}end`, 'next']);
  });

  test('says how much of an endless line is left out', () => {
    const [line] = read([frame(1, `${at} ${'x'.repeat(100_000)}\n`)]);
    expect(line?.text).toMatch(/^x+ … \(34495 more bytes\)$/);
  });

  test('lets nothing through that moves a cursor', () => {
    expect(read([frame(1, `${at} \u001b[31mred\u001b[0m\u0007\tend\n`)])[0]?.text).toBe('red\tend');
  });

  test('cuts a line that never ends, and reads on behind it', () => {
    const lines = read([
      frame(1, `${at} ${'x'.repeat(200_000)}`),
      frame(1, `${at} \n`),
      frame(1, `${at} next\n`),
    ]);
    expect(lines[0]?.text.length).toBeLessThanOrEqual(64 * 1024);
    expect(lines[1]?.text).toBe('next');
  });

  test('refuses bytes that are no frames instead of guessing', () => {
    expect(() => read([Buffer.from('plain text without any header\n')])).toThrow(/not in frames/);
  });
});
