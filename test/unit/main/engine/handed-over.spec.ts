import { describe, expect, test } from 'vitest';
import { RunRecorder } from '../../../../main/engine/run-recorder.js';
import type { RunEvent } from '../../../../shared/run/events.js';
import { session } from '../../../fakes/chained.js';
import { MemoryJournal } from '../../../fakes/memory-journal.js';
import { runId, started } from '../../../fakes/sample-run.js';

const handoverId = '22222222-2222-4222-8222-222222222222';
const handedOver: RunEvent = { type: 'run.handed-over', handoverId, to: 'Noor', by: 'operator' };
const note: RunEvent = { type: 'note.added', text: 'measured a moment later', by: 'operator' };
const takenBack: RunEvent = {
  type: 'run.taken-over',
  handoverId,
  operator: 'operator',
  appVersion: '0.0.0',
  epoch: 1,
  isTakenBack: true,
};

describe('the journal of a run that was handed over', () => {
  test('takes nothing more, however it was measured or found out, until the run is taken back', async () => {
    const journal = new MemoryJournal();
    const recorder = new RunRecorder(
      {
        runId,
        session,
        clock: {
          now: () => '2026-11-23T10:00:00.000Z',
          monotonicMs: () => 0,
          delay: () => Promise.resolve(),
        },
        append: journal.append,
        publish: () => undefined,
        onHalt: () => undefined,
      },
      [],
    );
    const types = () => journal.records.map(({ event }) => event.type);
    await recorder.record(() => [started(), handedOver]);
    expect(await recorder.record(() => [note])).toBe(false);
    expect(await recorder.recordSurely(() => [note])).toBe(false);
    expect(types()).toEqual(['run.started', 'run.handed-over']);
    await recorder.record(() => [takenBack, note]);
    expect(await recorder.record(() => [note])).toBe(true);
    expect(types()).toEqual(['run.started', 'run.handed-over', 'run.taken-over', 'note.added']);
  });
});
