import type { RangeFault } from '../../shared/drill/faults.js';
import type { World } from './world.js';

/** Which faults are in force, and how often each has struck. Counted in the world, so a restart does not repeat one. */
export type FaultBox = {
  readonly has: (fault: RangeFault) => boolean;
  /** True the first time it is asked while the fault is in force, and never again. */
  readonly strikes: (fault: RangeFault) => boolean;
};

export function createFaultBox(world: World): FaultBox {
  const find = (fault: RangeFault): World['faults'][number] | undefined =>
    world.faults.find(({ name }) => name === fault);
  return {
    has: (fault) => find(fault) !== undefined,
    strikes: (fault) => {
      const found = find(fault);
      if (found === undefined || found.hits > 0) {
        return false;
      }
      found.hits += 1;
      return true;
    },
  };
}

/** Faults that were already in force keep their counts; new ones join. */
export function mergeFaults(world: World, wanted: readonly RangeFault[]): void {
  for (const name of wanted) {
    if (!world.faults.some((fault) => fault.name === name)) {
      world.faults.push({ name, hits: 0 });
    }
  }
}
