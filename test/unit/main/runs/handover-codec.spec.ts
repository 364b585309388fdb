import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  compareWithOurs,
  formatHandover,
  parseHandover,
} from '../../../../main/runs/handover-codec.js';
import { AppError } from '../../../../shared/errors/app-error.js';
import { HANDOVER_MAX_BYTES, handoverFileName } from '../../../../shared/run/handover-file.js';
import type { RunEvent } from '../../../../shared/run/events.js';
import { chained } from '../../../fakes/chained.js';
import { ordered, readyToExecute, runId, started } from '../../../fakes/sample-run.js';

const handoverId = '22222222-2222-4222-8222-222222222222';
const handedOver: RunEvent = { type: 'run.handed-over', handoverId, to: 'Noor', by: 'operator' };
const note: RunEvent = { type: 'note.added', text: 'Grüße – 你好', by: 'operator' };
const taken = (isTakenBack: boolean): RunEvent => ({
  type: 'run.taken-over',
  handoverId,
  operator: 'Noor',
  appVersion: '0.0.0',
  epoch: 1,
  isTakenBack,
});

const given = [started(), note, handedOver];
const bytesOf = (events: readonly RunEvent[]): Buffer =>
  Buffer.from(chained(events).join('\n') + '\n', 'utf8');
const fileOf = (events: readonly RunEvent[]): Buffer =>
  Buffer.from(formatHandover(bytesOf(events)), 'utf8');
const changed = (change: (file: Record<string, unknown>) => void): Buffer => {
  const file = JSON.parse(fileOf(given).toString('utf8')) as Record<string, unknown>;
  change(file);
  return Buffer.from(JSON.stringify(file), 'utf8');
};

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (thrown) {
    return thrown instanceof AppError ? thrown.code : `a fault of our own: ${String(thrown)}`;
  }
  return 'nothing';
}

describe('a hand-over file', () => {
  test('holds the journal to the byte, and says of it what a person needs', () => {
    const events = [...readyToExecute(), note, handedOver];
    const file = JSON.parse(fileOf(events).toString('utf8')) as Record<string, unknown>;
    const lines = chained(events);
    expect(file).toMatchObject({
      format: 'lastgood-handover',
      v: 1,
      handoverId,
      runId,
      service: 'parcel-tracker',
      environment: 'staging',
      to: 'Noor',
      by: 'operator',
      records: lines.length,
      headHash: createHash('sha256').update(lines.at(-1)!).digest('hex'),
    });
    expect(Buffer.from(file['journal'] as string, 'utf8')).toEqual(bytesOf(events));
    expect(parseHandover(fileOf(events)).journal).toEqual(bytesOf(events));
  });

  test('has a name that every disk takes', () => {
    expect(handoverFileName('a/b: c', runId)).toBe('lastgood-a-b-c-7f3a0000.handover.json');
  });

  test.each([
    ['no JSON', Buffer.from('%PDF-1.7')],
    ['not even text', Buffer.from([0xff, 0xfe, 0x00])],
    ['another JSON', Buffer.from('{"format":"something-else","v":1}')],
    ['a list', Buffer.from('[]')],
  ])('is refused as foreign when it is %s', (_what, bytes) => {
    expect(codeOf(() => parseHandover(bytes))).toBe('HANDOVER_FOREIGN');
  });

  test('of a newer version is refused as that, whatever else is in it', () => {
    const bytes = changed((file) => {
      file['v'] = 2;
      file['novel'] = true;
    });
    expect(codeOf(() => parseHandover(bytes))).toBe('HANDOVER_TOO_NEW');
  });

  test('with a journal of a newer version is refused as that', () => {
    const bytes = changed((file) => {
      file['journal'] = (file['journal'] as string).replaceAll('"v":1,"runId"', '"v":2,"runId"');
    });
    expect(codeOf(() => parseHandover(bytes))).toBe('HANDOVER_TOO_NEW');
  });

  test('that is too big is not read', () => {
    expect(codeOf(() => parseHandover(Buffer.alloc(HANDOVER_MAX_BYTES + 1)))).toBe(
      'HANDOVER_TOO_BIG',
    );
  });

  test.each<[string, (file: Record<string, unknown>) => void]>([
    [
      'its chain is broken',
      (file) => (file['journal'] = chained(given).toReversed().join('\n') + '\n'),
    ],
    [
      'a line is missing at its end',
      (file) => (file['journal'] = bytesOf([started(), note]).toString()),
    ],
    ['its last line is torn', (file) => (file['journal'] = bytesOf(given).toString().slice(0, -1))],
    ['its journal is empty', (file) => (file['journal'] = '')],
    ['the head hash differs', (file) => (file['headHash'] = 'a'.repeat(64))],
    ['the count differs', (file) => (file['records'] = 4)],
    ['it names another run', (file) => (file['runId'] = handoverId)],
    ['it names somebody else', (file) => (file['to'] = 'Somebody else')],
    ['a field was added', (file) => (file['extra'] = 1)],
    ['a field is missing', (file) => delete file['by']],
  ])('is refused as broken when %s', (_what, change) => {
    expect(codeOf(() => parseHandover(changed(change)))).toBe('HANDOVER_BROKEN');
  });

  test('is refused or means the same, whatever byte of it is flipped', () => {
    const whole = fileOf(given);
    const sound = parseHandover(whole);
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (index, mask) => {
        const bytes = Buffer.from(whole);
        bytes[index] = bytes[index]! ^ mask;
        const code = codeOf(() => {
          expect(parseHandover(bytes)).toEqual(sound);
        });
        expect(code).toMatch(/^(nothing|HANDOVER_(FOREIGN|BROKEN|TOO_NEW))$/);
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('a hand-over file beside what lies here', () => {
  const file = parseHandover(fileOf(given));
  const againstOurs = (events: readonly RunEvent[]) => () => compareWithOurs(file, bytesOf(events));

  test('is new where nothing of the run is here', () => {
    expect(compareWithOurs(file, null)).toBe('new');
  });

  test('comes back where it was given away', () => {
    expect(againstOurs(given)()).toBe('back');
  });

  test('comes back further on where it went on elsewhere in between', () => {
    const second: RunEvent = { ...handedOver, handoverId: runId };
    const longer = parseHandover(fileOf([...given, taken(false), note, second]));
    expect(compareWithOurs(longer, bytesOf(given))).toBe('further');
  });

  test('is refused the second time, naming when and by whom', () => {
    expect(againstOurs([...given, taken(false), note])).toThrow(
      expect.objectContaining({
        code: 'HANDOVER_ALREADY_TAKEN',
        message: 'It was taken over here by Noor at 2026-11-23T10:00:03.000Z.',
      }),
    );
    expect(codeOf(againstOurs([...given, taken(true)]))).toBe('HANDOVER_ALREADY_TAKEN');
  });

  test.each<[string, readonly RunEvent[]]>([
    ['went on by itself', [started(), note, note]],
    ['was never given away', [started(), note]],
    ['is another run of that name', [started(), ...ordered()]],
  ])('is refused where the run here %s', (_what, ours) => {
    expect(codeOf(againstOurs(ours))).toBe('HANDOVER_DIVERGED');
  });

  test('says how far the two agree', () => {
    expect(againstOurs([started(), note, note])).toThrow('they agree on the first 2.');
  });
});
