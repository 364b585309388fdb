import type { HostOpener, LineState } from '../../main/connections/hosts/host-opener.js';
import type { HostLockOwner, HostLocks } from '../../main/connections/host-types.js';
import type { HostInfo } from '../../main/connections/ports.js';
import { AppError } from '../../shared/errors/app-error.js';
import { shellHost, someInfo } from './shell-host.js';
import type { ShellHost, ShellHostOptions } from './shell-host.js';

export type FakeOpener = HostOpener & {
  /** How often a connection was asked for. */
  readonly attempts: () => number;
  /** Lets the line change as the real one does. */
  readonly turn: (state: LineState) => void;
  /** What connecting ends in from now on: null is success. */
  failure: AppError | null;
  /** Set while connecting waits for the operator. */
  gate: Promise<void>;
  readonly locks: Map<string, HostLockOwner>;
  readonly shell: ShellHost;
  readonly cleaned: string[];
  isClosed: boolean;
};

/** Hosts that are this machine, with a line that a test turns up and down. */
export function fakeOpener(options: ShellHostOptions = {}): FakeOpener {
  const shell = shellHost(options);
  const locks = new Map<string, HostLockOwner>();
  const cleaned: string[] = [];
  let attempts = 0;
  let onState: (state: LineState) => void = () => undefined;
  const opener: FakeOpener = {
    attempts: () => attempts,
    turn: (state) => {
      onState(state);
    },
    failure: null,
    gate: Promise.resolve(),
    locks,
    shell,
    cleaned,
    isClosed: false,
    describe: ({ name }) => Promise.resolve([`as deploy on ${name}`]),
    open: (_place, tell) => {
      onState = tell;
      const info = async (signal: AbortSignal): Promise<HostInfo> => {
        attempts += 1;
        await opener.gate;
        signal.throwIfAborted();
        if (opener.failure !== null) {
          throw opener.failure;
        }
        tell('up');
        return { ...someInfo, ...options.info };
      };
      const cleanUp = (runId: string): Promise<readonly string[]> => {
        cleaned.push(runId);
        return Promise.resolve([`/home/deploy/.cache/lastgood/${runId}`]);
      };
      return {
        port: { ...shell, info, cleanUp, ...memoryLocks(locks), ...noChannels },
        close: () => {
          opener.isClosed = true;
          return Promise.resolve();
        },
      };
    },
  };
  return opener;
}

const refused = () =>
  Promise.reject(new AppError('HOST_FORWARD_REFUSED', 'This stand-in makes no connections.'));
const noChannels = { connectSocket: refused, connectCommand: refused };

function memoryLocks(held: Map<string, HostLockOwner>): HostLocks {
  const key = ({ service, environment }: { service: string; environment: string }): string =>
    `${service}-${environment}`;
  return {
    lock: (place, owner) => {
      const other = held.get(key(place));
      if (other !== undefined && other.runId !== owner.runId) {
        return Promise.reject(new AppError('HOST_LOCKED', `Locked by ${other.operator}.`));
      }
      held.set(key(place), owner);
      return Promise.resolve();
    },
    readLock: (place) => Promise.resolve(held.get(key(place)) ?? null),
    refreshLock: (place, owner) => {
      if (held.get(key(place))?.runId !== owner.runId) {
        return Promise.reject(new AppError('HOST_LOCK_LOST', 'Not held by this run.'));
      }
      held.set(key(place), owner);
      return Promise.resolve();
    },
    unlock: (place, runId) => {
      if (held.get(key(place))?.runId === runId) {
        held.delete(key(place));
      }
      return Promise.resolve();
    },
    breakLock: (place, { runId }) => {
      if (held.get(key(place))?.runId !== runId) {
        return Promise.reject(new AppError('HOST_LOCKED', 'Another one by now.'));
      }
      held.delete(key(place));
      return Promise.resolve();
    },
  };
}
