import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { HostLocks } from '../../main/connections/host-types.js';
import type { HostPort, JobWatcher, PartEnd } from '../../main/connections/ports.js';
import type { LineState } from '../../main/connections/host/reconnecting.js';

/** What a world must bring along so that the suite can run on it. The host shares this machine's disk. */
export type HostWorld = {
  readonly port: HostPort & HostLocks;
  /** What the light of `port` showed, in order. */
  readonly states: readonly LineState[];
  /** Another console on the same host, which knows nothing of the first. */
  readonly otherPort: HostPort & HostLocks;
  /** What number a process has here that says another of itself on the host; one that nobody has when it is gone. */
  readonly pidHere?: (pid: number) => number;
  /** Where no connection can be made from. */
  readonly isShut?: true;
  /** A folder that scripts on the host may write to. */
  readonly folder: string;
  /** Cuts the line of `port`, with everything under way. */
  drop(): void;
  /** Lets it be opened again. */
  restore(): void;
  cleanUp(): Promise<void>;
};

export const never = new AbortController().signal;

/** Writes down what it is told. */
export class Notes implements JobWatcher {
  readonly lines: string[] = [];
  readonly errors: string[] = [];
  readonly parts: PartEnd[] = [];
  /** Everything in the order in which it came. */
  readonly all: string[] = [];
  readonly #waiting = new Set<() => void>();

  readonly onLine = (line: string, stream: 'stdout' | 'stderr'): void => {
    (stream === 'stdout' ? this.lines : this.errors).push(line);
    this.all.push(line);
    this.#tell();
  };

  readonly onPart = (end: PartEnd): void => {
    this.parts.push(end);
    this.all.push(`[${end.name} ${end.status}]`);
    this.#tell();
  };

  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (condition()) {
          this.#waiting.delete(look);
          resolve();
        }
      };
      this.#waiting.add(look);
      look();
    });
  }

  #tell(): void {
    for (const look of this.#waiting) {
      look();
    }
  }
}

export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await sleep(10);
  }
}

export async function hasEnded(
  world: Pick<HostWorld, 'pidHere'>,
  said: string | undefined,
): Promise<void> {
  const pid = pidHere(world, said);
  expect(pid).toBeGreaterThan(1);
  await until(() => !isAlive(pid));
}

/** The number here of a process that said its own on the host. */
export function pidHere(
  { pidHere: here = (same) => same }: Pick<HostWorld, 'pidHere'>,
  said: string | undefined,
): number {
  return here(Number(said));
}

/** What has ended and waits for its parent does not live. */
function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) [ZX]/su.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
