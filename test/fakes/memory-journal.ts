import { AppError } from '../../shared/errors/app-error.js';
import type { RunRecord } from '../../shared/run/events.js';
import type { UnchainedRecord } from '../../main/engine/journal.js';

/** What is on the "disk": survives the engine, and can be told to refuse. */
export class MemoryJournal {
  readonly records: RunRecord[] = [];
  refusals = 0;

  append = (records: readonly UnchainedRecord[]): Promise<readonly RunRecord[]> => {
    if (this.refusals > 0) {
      this.refusals -= 1;
      return Promise.reject(new AppError('JOURNAL_WRITE_FAILED', 'The disk is full.'));
    }
    const written = records.map((record) => ({ ...record, prev: '0'.repeat(64) }));
    this.records.push(...written);
    return Promise.resolve(written);
  };
}
