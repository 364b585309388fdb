import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HostLines, LastLine, harmless } from '../../../../../main/connections/host/host-lines.js';
import { RecordStream, recordMark } from '../../../../../main/connections/host/record-stream.js';

/** Cuts bytes at the given places. */
function pieces(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const at = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...at].map((from, index) => bytes.subarray(from, at[index] ?? bytes.length));
}

const cuts = fc.array(fc.nat(), { maxLength: 20 });

function linesOf(chunks: readonly Uint8Array[]): string[] {
  const lines: string[] = [];
  const reader = new HostLines((line) => lines.push(line));
  for (const chunk of chunks) {
    reader.push(chunk);
  }
  reader.end();
  return lines;
}

test('lines are the same however the bytes were cut', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), cuts, (text, at) => {
      const bytes = Buffer.from(text);
      expect(linesOf(pieces(bytes, at))).toEqual(linesOf([bytes]));
    }),
  );
});

test('no line holds what could move a cursor, turn the direction or hide text', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      for (const line of linesOf([bytes])) {
        expect(line).not.toMatch(
          /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/,
        );
      }
    }),
  );
});

test('colours go, everything else of a terminal is seen', () => {
  expect(harmless('\u001b[1;31mred\u001b[0m \u001b]0;title\u0007\u001b[2Jx\u001bM\rover\r')).toBe(
    'red x\u241bM\u240dover',
  );
});

test.each(['\u202e', '\u2066', '\u200b', '\u200f', '\u061c', '\ufeff', '\u009b', '\u2028'])(
  'what turns or hides text is seen: %j',
  (character) => {
    expect(harmless(`a${character}b`)).toBe('a\ufffdb');
  },
);

test('the last line is found in the end of an output', () => {
  const last = new LastLine();
  expect(last.text).toBe('');
  last.push(Buffer.from(`${'x'.repeat(100_000)}\nalmost`));
  last.push(Buffer.from(' there\nthe end\n\n'));
  expect(last.text).toBe('the end');
});

test('records and output are told apart however the bytes were cut', () => {
  const token = 'c0ffee';
  const mark = recordMark(token);
  const bytes = Buffer.from(
    `noise\u001e${mark}begin\none\u001e\n${mark}part 1 0\n${mark.slice(0, 4)}two${mark}end 0\nrest`,
  );
  const read = (chunks: readonly Uint8Array[]): string => {
    const seen: string[] = [];
    const stream = new RecordStream(token, {
      onRecord: (words) => seen.push(`<${words.join(',')}>`),
      onBytes: (some) => seen.push(some.toString()),
    });
    for (const chunk of chunks) {
      stream.push(chunk);
    }
    return seen.join('');
  };
  const whole = `<begin>one\u001e\n<part,1,0>${mark.slice(0, 4)}two<end,0>rest`;
  fc.assert(
    fc.property(cuts, (at) => {
      expect(read(pieces(bytes, at))).toBe(whole);
    }),
  );
});
