import type { Duplex } from 'node:stream';

/** As whom something runs on a host: the account that logged in, root by sudo, or another account by sudo. */
export type RunAs = 'login' | 'root' | { readonly user: string };

/** A POSIX `sh` script. Values come into it by `quote` only, so that none can become a command. */
export type HostScript = {
  readonly text: string;
  readonly as: RunAs;
  /**
   * True for a look whose text may stand in the host's list of processes, where every account reads it: over a far line the
   * first looks then wait for one answer less. Never for one that holds a secret, or what somebody typed.
   */
  readonly mayBeSeen?: boolean;
};

export type HostOutput = {
  /** 0 to 255, as the script itself ended; a script ended by a signal has 128 + its number. */
  readonly exitCode: number;
  /** At most 4 MiB of each; what is longer is cut and said. Without what a login shell printed before. */
  readonly stdout: string;
  readonly stderr: string;
  readonly isCut: boolean;
};

/** Who answered. Pinned at first use, compared at every later one. */
export type HostInfo = {
  readonly name: string;
  readonly user: string;
  readonly address: string;
  readonly hostName: string;
  /** `SHA256:…` of the host key that was verified. */
  readonly fingerprint: string;
  /** Of /etc/machine-id; null where the host has none. */
  readonly machineId: string | null;
  /** Whether root is to be had: `none` says that sudo refuses this account. */
  readonly sudo: 'root-login' | 'passwordless' | 'password' | 'none';
  readonly hasSystemd: boolean;
};

/** Names one detached piece of work for ever: the same id is never started twice. */
export type JobId = {
  readonly runId: string;
  /** Letters, digits and dashes: the step and the attempt. */
  readonly name: string;
};

/** One part of a job; a part begins right after the one before it has ended well, with no round trip between. */
export type JobPart = {
  readonly name: string;
  /** Ends with 0 when done, with `alreadyExitCode` when there was nothing to do. Its last stdout line is the summary. */
  readonly script: string;
  /**
   * True where it prints a few lines at most and leaves no process behind that goes on printing. Its outputs are plain files
   * then, which costs the host no process; a script whose end depends on what it could print may not say so.
   */
  readonly saysLittle?: boolean;
};

/** A part ends with this where the wanted state was already there and nothing was touched. */
export const alreadyExitCode = 90;

/**
 * A file that the parts of a job may read while it lives. Never in an argument, a journal or a log: it goes to the host on
 * stdin, is written with mode 0600 into the job's own folder, and is gone when the job has ended.
 */
export type JobSecret = {
  /** Holds the path of the file, for every part: `PGPASSFILE`. */
  readonly variable: string;
  readonly content: string;
};

export type HostJob = {
  readonly id: JobId;
  readonly as: RunAs;
  readonly parts: readonly JobPart[];
  readonly secrets?: readonly JobSecret[];
};

export type PartEnd = {
  readonly name: string;
  readonly status: 'done' | 'already' | 'failed' | 'not-begun';
  readonly exitCode: number | null;
  /** The last line it printed. */
  readonly summary: string;
};

export type JobState =
  /** Nothing of that name was ever started on this host. */
  | { readonly status: 'absent' }
  | { readonly status: 'running'; readonly parts: readonly PartEnd[] }
  | { readonly status: 'ended'; readonly parts: readonly PartEnd[] }
  /** It was started, is not running, and left no end: the host went down or the job was killed from outside. */
  | { readonly status: 'lost'; readonly parts: readonly PartEnd[] };

export type JobWatcher = {
  readonly onLine: (line: string, stream: 'stdout' | 'stderr') => void;
  /** Called once for each part, in order, as soon as its end is known here. */
  readonly onPart: (end: PartEnd) => void;
};

/** A raw connection as seen from a host. The caller ends it. */
export type HostStream = Duplex;

/** Connections that the host makes for somebody else's protocol; each is a channel of its one connection. */
export interface HostChannels {
  /** To a unix socket of the host, as the account that logged in. HOST_FORWARD_REFUSED. */
  connectSocket(path: string, signal: AbortSignal): Promise<HostStream>;
  /** A command line whose stdin and stdout are the connection. Only one that serves readers and writers may be given. */
  connectCommand(command: string, signal: AbortSignal): Promise<HostStream>;
}

/** What is locked. Every account of the host meets in the same place, so the one that logged in will do. */
export type HostLockPlace = {
  readonly service: string;
  readonly environment: string;
  readonly as: RunAs;
};

/** Who works on an environment, as the lock on its host says. */
export type HostLockOwner = {
  readonly operator: string;
  readonly console: string;
  readonly runId: string;
  /** ISO 8601. */
  readonly since: string;
  /** How often the run was handed over. */
  readonly epoch: number;
  /** Of the run's journal, so that a console that comes later can tell whether it knows everything. */
  readonly headHash: string;
};

/** The lock on the host, taken before the first change. */
export interface HostLocks {
  /** HOST_LOCKED with who holds it. The same run takes it again without harm. */
  lock(place: HostLockPlace, owner: HostLockOwner, signal: AbortSignal): Promise<void>;
  readLock(place: HostLockPlace, signal: AbortSignal): Promise<HostLockOwner | null>;
  /** Writes epoch and head hash anew; HOST_LOCK_LOST where the run does not hold it. */
  refreshLock(place: HostLockPlace, owner: HostLockOwner, signal: AbortSignal): Promise<void>;
  /** A lock that is gone is no error; HOST_LOCK_LOST where somebody else holds it. */
  unlock(place: HostLockPlace, runId: string, signal: AbortSignal): Promise<void>;
  /** Takes the lock of the run that was seen away; HOST_LOCKED where another holds it by now. Stays in the lock's history. */
  breakLock(
    place: HostLockPlace,
    broken: {
      readonly runId: string;
      readonly by: string;
      /** ISO 8601. */
      readonly at: string;
      readonly reason: string;
    },
    signal: AbortSignal,
  ): Promise<void>;
}
