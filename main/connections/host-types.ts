import type { Duplex } from 'node:stream';

/** As whom something runs on a host: the account that logged in, root by sudo, or another account by sudo. */
export type RunAs = 'login' | 'root' | { readonly user: string };

/** A POSIX `sh` script. Values come into it by `quote` only, so that none can become a command. */
export type HostScript = {
  readonly text: string;
  readonly as: RunAs;
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
};

/** A part ends with this where the wanted state was already there and nothing was touched. */
export const alreadyExitCode = 90;

export type HostJob = {
  readonly id: JobId;
  readonly as: RunAs;
  readonly parts: readonly JobPart[];
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
