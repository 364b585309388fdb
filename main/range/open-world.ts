import path from 'node:path';
import { rm } from 'node:fs/promises';
import type { RangeFault } from '../../shared/drill/faults.js';
import { AppError } from '../../shared/errors/app-error.js';
import { createClock } from './clock.js';
import { ContainerEngine } from './container-engine.js';
import type { EngineParts } from './engine-parts.js';
import { EngineServer } from './engine-server.js';
import { EventStream } from './event-stream.js';
import { createFaultBox, mergeFaults } from './fault-box.js';
import { findFreePort } from './free-port.js';
import { ImageStore } from './image-store.js';
import { LifeCycle, settleExited } from './life-cycle.js';
import { LogStore } from './log-store.js';
import { createPace } from './pace.js';
import { pastLines } from './seed-log.js';
import { seedWorld } from './seed-world.js';
import type { ServiceManner } from './service-manner.js';
import { Ingress } from './swarm/ingress.js';
import { Swarm } from './swarm/swarm.js';
import { claimSocketPath } from './socket-path.js';
import { createWorldFile } from './world-file.js';
import type { WorldFile } from './world-file.js';
import type { World } from './world.js';

const SLOW_FACTOR = 4;

export type WorldOptions = {
  readonly folder: string;
  readonly socketFolder: string | undefined;
  readonly runbookId: string;
  readonly manner: ServiceManner;
  readonly fresh: boolean;
  readonly faults: readonly RangeFault[];
  readonly now: () => number;
};

export type OpenWorld = {
  readonly socket: string;
  readonly port: number;
  readonly addFaults: (faults: readonly RangeFault[]) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Brings one world to life: from disk, or laid anew. Fails with RANGE_* and then leaves nothing open. */
export async function openWorld(options: WorldOptions): Promise<OpenWorld> {
  const { folder, manner } = options;
  const file = createWorldFile(path.join(folder, 'world.json'));
  const socket = await claimSocketPath(folder, options.socketFolder);
  const { world, isNew } = await loadOrLay(options, file);
  const engine = buildEngine(options, file, world);
  const swarm = world.swarm === null ? null : new Swarm(engine, world.swarm);
  const ingress = swarm === null ? null : new Ingress(swarm, world.port);
  const server = new EngineServer(engine, swarm, socket);
  const halt = async (): Promise<void> => {
    engine.parts.pace.stop();
    await server.close();
    await ingress?.close();
    await engine.life.abandon();
  };
  const close = async (): Promise<void> => {
    await halt();
    await engine.parts.logs.flush();
    await file.save(world);
    file.close();
  };
  try {
    await wake(engine, manner, isNew);
    await ingress?.open().catch((cause: unknown) => {
      throw portTaken(world, manner, cause);
    });
    swarm?.wake();
    await server.open();
    await engine.parts.save();
  } catch (error) {
    await halt();
    throw error;
  }
  return {
    socket,
    port: world.port,
    addFaults: async (faults) => {
      mergeFaults(world, faults);
      await engine.parts.save();
    },
    close,
  };
}

type Laid = { readonly world: World; readonly isNew: boolean };

async function loadOrLay(options: WorldOptions, file: WorldFile): Promise<Laid> {
  const { folder, fresh, faults, manner, runbookId, now } = options;
  // A world that is to be laid anew may be unreadable; only its port would have been worth keeping.
  const stored = fresh ? await file.load().catch(() => null) : await file.load();
  if (stored !== null && !fresh) {
    mergeFaults(stored, faults);
    return { world: stored, isNew: false };
  }
  const port = await findFreePort(path.resolve(folder), stored?.port ?? null);
  if (port === null) {
    throw new AppError('RANGE_PORT_TAKEN', 'No free port was found for the practice service.');
  }
  await rm(path.join(folder, 'logs'), { recursive: true, force: true });
  return { world: seedWorld({ runbookId, manner, port, faults, nowMs: now() }), isNew: true };
}

function buildEngine(options: WorldOptions, file: WorldFile, world: World): ContainerEngine {
  const clock = createClock(options.now);
  const faults = createFaultBox(world);
  const parts: EngineParts = {
    world,
    save: () => file.save(world),
    clock,
    pace: createPace(faults.has('slow') ? SLOW_FACTOR : 1),
    events: new EventStream(clock),
    logs: new LogStore(path.join(options.folder, 'logs'), clock),
    faults,
  };
  const images = new ImageStore(world, faults, options.manner.healthy);
  return new ContainerEngine(parts, images, new LifeCycle(parts, options.manner));
}

/** What ran when the console ended runs again; what was asked to end has ended meanwhile. */
async function wake(engine: ContainerEngine, manner: ServiceManner, isNew: boolean): Promise<void> {
  const { world, clock, logs } = engine.parts;
  world.containers = world.containers.filter(({ isForeign }) => !isForeign);
  await logs.load(world.containers.map(({ id }) => id));
  if (isNew) {
    world.containers.forEach(({ id }) => {
      logs.fill(id, pastLines(manner, clock.nowMs()));
    });
  }
  for (const container of world.containers.filter(({ state }) => state.status === 'running')) {
    if (container.state.isStopping) {
      const ignored = engine.life.isSick(container) && engine.parts.faults.has('ignores-stop');
      settleExited(container, ignored ? 137 : 0, clock.stamp());
      continue;
    }
    await engine.life.resume(container).catch((cause: unknown) => {
      throw portTaken(world, manner, cause);
    });
  }
}

function portTaken({ port }: World, { service }: ServiceManner, cause: unknown): AppError {
  return new AppError(
    'RANGE_PORT_TAKEN',
    `127.0.0.1:${port} is held by another program; ${service.name} cannot be served there.`,
    { cause },
  );
}
