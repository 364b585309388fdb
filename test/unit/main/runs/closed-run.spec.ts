import { describe, expect, test } from 'vitest';
import { isJournal, mustGoOnFromOurs, parseClosedRun } from '../../../../main/runs/closed-run.js';
import { formatHandover } from '../../../../main/runs/handover-codec.js';
import type { RunEvent } from '../../../../shared/run/events.js';
import { emptyReview } from '../../../../shared/run/empty-review.js';
import { chained } from '../../../fakes/chained.js';
import { closed } from '../../../fakes/runs-on-disk.js';
import { started } from '../../../fakes/sample-run.js';

const handoverId = '22222222-2222-4222-8222-222222222222';
const handedOver: RunEvent = { type: 'run.handed-over', handoverId, to: 'Noor', by: 'operator' };
const note: RunEvent = { type: 'note.added', text: 'seen', by: 'operator' };
const reviewed: RunEvent = { type: 'review.recorded', review: emptyReview };
const taken = (ofHandover: string): RunEvent => ({
  ...{ type: 'run.taken-over', handoverId: ofHandover, operator: 'Noor', appVersion: '0.0.0' },
  ...{ epoch: 1, isTakenBack: false },
});

const bytesOf = (events: readonly RunEvent[]): Buffer =>
  Buffer.from(chained(events).join('\n') + '\n', 'utf8');
const given = [started(), note, handedOver];
const whole = [...given, taken(handoverId), note, closed];

const refusal = (code: string): unknown => expect.objectContaining({ code });

describe('the journal of a run that was closed elsewhere', () => {
  test('is told from a hand-over file and from what is neither', () => {
    expect(isJournal(bytesOf(whole))).toBe(true);
    expect(isJournal(Buffer.from(formatHandover(bytesOf(given))))).toBe(false);
    expect(
      isJournal(Buffer.from(JSON.stringify(JSON.parse(formatHandover(bytesOf(given)))) + '\n')),
    ).toBe(false);
    expect(isJournal(Buffer.from('hello\n'))).toBe(false);
    expect(isJournal(Buffer.from(''))).toBe(false);
  });

  test('is refused while the run goes on, when it is torn, and when its chain is broken', () => {
    expect(() => parseClosedRun(bytesOf(whole.slice(0, -1)))).toThrow(
      refusal('HANDOVER_STILL_OPEN'),
    );
    expect(() => parseClosedRun(bytesOf(whole).subarray(0, -1))).toThrow(
      refusal('HANDOVER_BROKEN'),
    );
    const changed = bytesOf(whole).toString('utf8').replace('seen', 'said');
    expect(() => parseClosedRun(Buffer.from(changed))).toThrow(refusal('HANDOVER_BROKEN'));
  });

  const file = parseClosedRun(bytesOf(whole));

  test('passes where ours ends with the hand-over that it goes on from', () => {
    expect(() => {
      mustGoOnFromOurs(file, bytesOf(given));
    }).not.toThrow();
  });

  test('passes where ours is it, and more was written down about it there', () => {
    const later = parseClosedRun(bytesOf([...whole, reviewed]));
    expect(() => {
      mustGoOnFromOurs(later, bytesOf(whole));
    }).not.toThrow();
  });

  test.each<[string, readonly RunEvent[] | null, string]>([
    ['nothing of it is here', null, 'HANDOVER_NOT_FROM_HERE'],
    ['it is here already', whole, 'HANDOVER_ALREADY_TAKEN'],
    ['it is here and more was written down', [...whole, reviewed], 'HANDOVER_ALREADY_TAKEN'],
    ['it was never handed over here', [started(), note], 'HANDOVER_DIVERGED'],
    ['it went on here', [...given, taken(handoverId), note, note], 'HANDOVER_DIVERGED'],
    ['it is another run of that name', [started(), handedOver], 'HANDOVER_DIVERGED'],
  ])('is refused where %s', (_what, ours, code) => {
    const here = ours === null ? null : bytesOf(ours);
    expect(() => {
      mustGoOnFromOurs(file, here);
    }).toThrow(refusal(code));
  });

  test('is refused where it goes on from another hand-over than ours', () => {
    const other = parseClosedRun(
      bytesOf([...given, taken('33333333-3333-4333-8333-333333333333'), closed]),
    );
    expect(() => {
      mustGoOnFromOurs(other, bytesOf(given));
    }).toThrow(refusal('HANDOVER_DIVERGED'));
  });
});
