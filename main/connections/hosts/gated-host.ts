import type { HostChannels, HostLocks } from '../host-types.js';
import type { HostPort } from '../ports.js';

/** The same host, which is asked nothing before `ready` has resolved. */
export function gatedHost(
  port: HostPort & HostLocks & HostChannels,
  ready: (signal: AbortSignal) => Promise<void>,
): HostPort & HostLocks & HostChannels {
  const after = async <T>(signal: AbortSignal, use: () => Promise<T>): Promise<T> => {
    await ready(signal);
    return use();
  };
  return {
    info: (signal) => after(signal, () => port.info(signal)),
    read: (script, signal) => after(signal, () => port.read(script, signal)),
    follow: (script, onLine, signal) => after(signal, () => port.follow(script, onLine, signal)),
    run: (job, watcher, signal) => after(signal, () => port.run(job, watcher, signal)),
    job: (id, signal) => after(signal, () => port.job(id, signal)),
    seal: (id, as, signal) => after(signal, () => port.seal(id, as, signal)),
    pickUp: (id, watcher, signal) => after(signal, () => port.pickUp(id, watcher, signal)),
    cancel: (id, signal) => after(signal, () => port.cancel(id, signal)),
    cleanUp: (runId, signal) => after(signal, () => port.cleanUp(runId, signal)),
    connect: (host, number, signal) => after(signal, () => port.connect(host, number, signal)),
    connectSocket: (path, signal) => after(signal, () => port.connectSocket(path, signal)),
    connectCommand: (command, signal) => after(signal, () => port.connectCommand(command, signal)),
    lock: (place, owner, signal) => after(signal, () => port.lock(place, owner, signal)),
    readLock: (place, signal) => after(signal, () => port.readLock(place, signal)),
    refreshLock: (place, owner, signal) =>
      after(signal, () => port.refreshLock(place, owner, signal)),
    unlock: (place, runId, signal) => after(signal, () => port.unlock(place, runId, signal)),
    breakLock: (place, broken, signal) =>
      after(signal, () => port.breakLock(place, broken, signal)),
  };
}
