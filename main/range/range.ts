import path from 'node:path';
import type { RangeFault } from '../../shared/drill/faults.js';
import type { Environment } from '../../shared/runbook/environment-schema.js';
import type { Runbook } from '../../shared/runbook/schema.js';
import { openWorld } from './open-world.js';
import type { OpenWorld } from './open-world.js';
import { mannerOf } from './service-manner.js';
import type { ServiceManner } from './service-manner.js';
import { isLiveWorldSocket } from './socket-path.js';

export type { RangeFault } from '../../shared/drill/faults.js';

export type RangeOptions = {
  /** Where the worlds are kept; they survive the console. */
  readonly folder: string;
  /** Where the private folder of the sockets is made; the system's temporary folder by default. */
  readonly socketFolder?: string;
  readonly now?: () => number;
};

export type OpenOptions = {
  /** Lays the world anew: the sick version serves, the healthy ones are there. */
  readonly fresh: boolean;
  /** Come on top of those a stored world already has; those keep their counts. */
  readonly faults: readonly RangeFault[];
  /** Which of the runbook's procedures shall find its world there; by default the one for containers. */
  readonly procedureId?: string;
};

/** Practice worlds: for each runbook one with containers, and one with a swarm where it has a procedure for that. Nothing in them is real and they reach nothing real. */
export type Range = {
  /** Fails with RANGE_PORT_TAKEN, RANGE_IN_USE, RANGE_STATE_BROKEN, RANGE_FOLDER_UNSAFE or RANGE_RUNBOOK_UNFIT. */
  readonly open: (runbook: Runbook, options: OpenOptions) => Promise<Environment>;
  /** Whether a practice world that some console of this user made is alive there. */
  readonly isAlive: (environment: Environment) => Promise<boolean>;
  /** Ends every server. What ran goes on in the worlds on disk. */
  readonly close: () => Promise<void>;
};

export function createRange({ folder, socketFolder, now = Date.now }: RangeOptions): Range {
  const worlds = new Map<string, OpenWorld>();
  let queue: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = queue.then(work);
    queue = result.catch(() => undefined);
    return result;
  };
  const take = async (
    runbook: Runbook,
    manner: ServiceManner,
    options: OpenOptions,
  ): Promise<OpenWorld> => {
    // A swarm's world lies inside the folder of the other one.
    const place = manner.swarmService === null ? runbook.id : path.join(runbook.id, 'swarm');
    const open = worlds.get(place);
    if (open !== undefined && !options.fresh) {
      await open.addFaults(options.faults);
      return open;
    }
    worlds.delete(place);
    await open?.close();
    const world = await openWorld({
      folder: path.join(folder, place),
      socketFolder,
      runbookId: runbook.id,
      manner,
      now,
      ...options,
    });
    worlds.set(place, world);
    return world;
  };
  return {
    open: (runbook, options) =>
      inTurn(async () => {
        const manner = mannerOf(runbook, options.procedureId);
        return environmentOf(runbook, manner, await take(runbook, manner, options));
      }),
    isAlive: async ({ url, engines }) => {
      const alive = await Promise.all(
        engines.map(({ socket }) =>
          socket === undefined ? Promise.resolve(false) : isLiveWorldSocket(socket, socketFolder),
        ),
      );
      return new URL(url).hostname === '127.0.0.1' && alive.length > 0 && alive.every(Boolean);
    },
    close: () =>
      inTurn(async () => {
        const open = [...worlds.values()];
        worlds.clear();
        await Promise.all(open.map((world) => world.close()));
      }),
  };
}

/** Plain data like that of any other environment: nothing in it says that this one is not real but its tier. */
function environmentOf(
  runbook: Runbook,
  manner: ServiceManner,
  { socket, port }: OpenWorld,
): Environment {
  return {
    name: 'practice',
    tier: 'practice',
    url: `http://127.0.0.1:${port}`,
    engines: manner.engines.map((name) => ({ name, kind: 'docker', socket })),
    variables: { ...manner.variables },
    watchSeconds: runbook.practice.watchSeconds,
  };
}
