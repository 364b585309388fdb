import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** A real file system of a few megabytes that a test can fill up or make read-only. Only root may mount one. */
export class SmallDisk {
  readonly folder = mkdtempSync(path.join(os.tmpdir(), 'lastgood-disk-'));

  constructor(size: string) {
    this.#mount('tmpfs', `size=${size},mode=700`);
  }

  /** Takes every block that is left. */
  fill(): void {
    const file = openSync(this.#filler, 'a', 0o600);
    try {
      for (const bytes of [1 << 16, 1 << 12, 1]) {
        this.#writeUntilFull(file, Buffer.alloc(bytes, 0x2e));
      }
    } finally {
      closeSync(file);
    }
  }

  makeRoom(): void {
    rmSync(this.#filler, { force: true });
  }

  makeReadOnly(isReadOnly: boolean): void {
    execFileSync('mount', ['-o', `remount,${isReadOnly ? 'ro' : 'rw'}`, this.folder]);
  }

  dispose(): void {
    // Lazily, so that a test that failed with a file open does not leave it mounted.
    execFileSync('umount', ['-l', this.folder]);
    rmSync(this.folder, { recursive: true });
  }

  get #filler(): string {
    return path.join(this.folder, 'filler');
  }

  #mount(kind: string, options: string): void {
    execFileSync('mount', ['-t', kind, '-o', options, kind, this.folder]);
  }

  #writeUntilFull(file: number, bytes: Buffer): void {
    try {
      for (;;) {
        writeSync(file, bytes);
      }
    } catch (thrown) {
      if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOSPC')) {
        throw thrown;
      }
    }
  }
}
