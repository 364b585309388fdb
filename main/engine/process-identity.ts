import { readFileSync, readlinkSync } from 'node:fs';
import os from 'node:os';
import { z } from 'zod';

/** What tells one process from every other, also after its number was given to somebody else. */
export const ProcessIdentity = z.strictObject({
  pid: z.int().positive(),
  /** In clock ticks since the start of the machine; null where the system does not tell. */
  startTime: z.string().nullable(),
  /** New at every start of the machine; null where the system does not tell. */
  bootId: z.string().nullable(),
  /** Process numbers mean something only within this; a container has its own. */
  pidSpace: z.string().nullable(),
  hostname: z.string(),
  user: z.string(),
});
export type ProcessIdentity = z.infer<typeof ProcessIdentity>;

export type Standing = 'alive' | 'gone' | 'elsewhere';

export function thisProcess(): ProcessIdentity {
  return {
    pid: process.pid,
    startTime: startTimeOf(process.pid)?.startTime ?? null,
    bootId: readOrNull(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    pidSpace: readOrNull(() => readlinkSync('/proc/self/ns/pid')),
    hostname: os.hostname(),
    user: readOrNull(() => os.userInfo().username) ?? '',
  };
}

/**
 * Whether the process that left its identity still runs. `elsewhere` when that cannot be seen from here: a lock
 * that may be alive is never broken.
 */
export function standingOf(other: ProcessIdentity, me: ProcessIdentity = thisProcess()): Standing {
  if (other.bootId === null || me.bootId === null) {
    return other.hostname === me.hostname ? standingOfPid(other) : 'elsewhere';
  }
  if (other.bootId !== me.bootId) {
    return other.hostname === me.hostname ? 'gone' : 'elsewhere';
  }
  return other.pidSpace === me.pidSpace ? standingOfPid(other) : 'elsewhere';
}

function standingOfPid({ pid, startTime }: ProcessIdentity): Standing {
  if (!isThere(pid)) {
    return 'gone';
  }
  if (startTime === null) {
    return 'alive';
  }
  const now = startTimeOf(pid);
  return now !== null && !now.isDead && now.startTime === startTime ? 'alive' : 'gone';
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    // Somebody else's process may not be signalled, but it is there.
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM';
  }
}

/** The name in the second field may hold spaces and brackets, so the fields are counted from its end. */
function startTimeOf(pid: number): { readonly startTime: string; readonly isDead: boolean } | null {
  const stat = readOrNull(() => readFileSync(`/proc/${String(pid)}/stat`, 'utf8'));
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  const [state = ''] = fields;
  const startTime = fields[19];
  // A killed process that nobody has collected yet still has its number, but acts no more.
  return startTime === undefined ? null : { startTime, isDead: state === 'Z' || state === 'X' };
}

function readOrNull(read: () => string): string | null {
  try {
    return read();
  } catch {
    return null;
  }
}
