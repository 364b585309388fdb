import type { JournalFile } from '../../main/engine/journal-file.js';

/** A disk that says what was asked of it, in order, and can refuse. */
export class RecordingDisk implements JournalFile {
  readonly calls: string[] = [];
  bytes = Buffer.alloc(0);
  /** What a power cut would leave: only what a sync has brought there. */
  synced = Buffer.alloc(0);
  fullFor = 0;
  /** How many syncs fail before one succeeds. */
  failingSyncs = 0;
  refusal = 'ENOSPC';
  hasReserve = false;

  write = (bytes: Buffer, position: number): Promise<void> => {
    this.calls.push('write');
    if (this.fullFor > 0) {
      this.fullFor -= 1;
      // Half of it fits, as on a real full disk.
      this.bytes = Buffer.concat([
        this.bytes.subarray(0, position),
        bytes.subarray(0, bytes.length / 2),
      ]);
      return Promise.reject(Object.assign(new Error('no'), { code: this.refusal }));
    }
    this.bytes = Buffer.concat([this.bytes.subarray(0, position), bytes]);
    return Promise.resolve();
  };

  sync = async (): Promise<void> => {
    // A real one takes its time; whoever does not wait for it is found out.
    await new Promise((resolve) => setImmediate(resolve));
    if (this.failingSyncs > 0) {
      this.failingSyncs -= 1;
      this.calls.push('sync failed');
      throw Object.assign(new Error('no'), { code: 'EIO' });
    }
    this.calls.push('sync');
    this.synced = Buffer.from(this.bytes);
  };

  truncate = (size: number): Promise<void> => {
    this.calls.push('truncate');
    this.bytes = this.bytes.subarray(0, size);
    return Promise.resolve();
  };

  releaseReserve = (): Promise<boolean> => {
    const had = this.hasReserve;
    this.hasReserve = false;
    return Promise.resolve(had);
  };

  reserve = (): Promise<void> => {
    this.hasReserve = true;
    return Promise.resolve();
  };

  dropReserve = (): Promise<void> => {
    this.hasReserve = false;
    return Promise.resolve();
  };

  close = (): Promise<void> => Promise.resolve();
}
