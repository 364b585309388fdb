import type { DockerPort } from '../connections/ports.js';
import { membersOf } from '../steps/docker/service-containers.js';
import type { ContainersPlace } from '../steps/docker/service-containers.js';
import { dockerServiceView } from './docker-service-view.js';
import type { LogSink, ServiceView } from './service-view.js';
import { unknownUse } from './use.js';
import type { Use } from './use.js';

/** One may be exchanged at any time, and one more may come. */
const LOOK_AGAIN_MS = 2_000;

/** A service of several containers as one: their use and restarts together, their logs side by side. */
export function containersView(docker: DockerPort, place: ContainersPlace): ServiceView {
  const views = async (signal: AbortSignal): Promise<readonly ServiceView[]> => {
    const { up } = await membersOf(docker, place, signal);
    return up.map(({ name }) => dockerServiceView(docker, name));
  };
  return {
    title: `${place.container} and others with ${place.label}`,
    async use(signal) {
      const all = await views(signal).catch(() => []);
      const uses = await Promise.all(all.map((view) => view.use(signal)));
      return uses.length === 0 ? unknownUse : together(uses);
    },
    async restarts(signal) {
      const all = await views(signal).catch(() => []);
      return sum(await Promise.all(all.map((view) => view.restarts(signal))));
    },
    followLog: (sink, signal) => followAll(views, sink, signal),
  };
}

async function followAll(
  views: (signal: AbortSignal) => Promise<readonly ServiceView[]>,
  sink: LogSink,
  signal: AbortSignal,
): Promise<void> {
  const followed = new Map<string, Promise<void>>();
  while (!signal.aborted) {
    for (const view of await views(signal).catch(() => [])) {
      if (!followed.has(view.title)) {
        followed.set(view.title, view.followLog(named(view.title, sink), signal));
      }
    }
    await sink.delay(LOOK_AGAIN_MS, signal).catch(() => undefined);
  }
  await Promise.all(followed.values());
}

/** Whose line it is stands before it, as Compose writes it. */
function named(name: string, sink: LogSink): LogSink {
  return {
    ...sink,
    onEntries: (entries) => {
      sink.onEntries(
        entries.map((entry) =>
          entry.stream === 'mark' ? entry : { ...entry, text: `${name} | ${entry.text}` },
        ),
      );
    },
  };
}

function together(uses: readonly Use[]): Use {
  return {
    cpuPercent: sum(uses.map(({ cpuPercent }) => cpuPercent)),
    memoryBytes: sum(uses.map(({ memoryBytes }) => memoryBytes)),
    restarts: sum(uses.map(({ restarts }) => restarts)),
  };
}

/** Of one that is missing nothing is known, so the whole is not known either. */
function sum(values: readonly (number | null)[]): number | null {
  return values.length === 0
    ? null
    : values.reduce<number | null>(
        (total, value) => (total === null || value === null ? null : total + value),
        0,
      );
}
