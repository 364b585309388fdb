import { AppError, toErrorJson } from '../../shared/errors/app-error.js';
import { CleanUpItem } from '../../shared/run/clean-up.js';
import type { CleanUpOffer } from '../../shared/run/clean-up.js';
import type { RunEvent, RunId } from '../../shared/run/events.js';
import type { RunState, StartedRun } from '../../shared/run/state.js';
import { createConnectionPool } from '../connections/connection-pool.js';
import type { HostOpener } from '../connections/connection-pool.js';
import type { DockerPort } from '../connections/ports.js';
import { lookAtImages, lookAtKept, removeItem } from '../steps/docker/clean-up.js';
import { keptByRun, refusalOfCleanUp } from '../steps/docker/kept-by-run.js';
import type { Clock } from './clock.js';
import type { EnvironmentSource } from './environments.js';
import type { RunEvents } from './run-events.js';
import type { RunFiles } from './run-files.js';
import type { RunService } from './run-service.js';

export type CleanUpDeps = {
  readonly runs: RunService;
  readonly files: RunFiles;
  readonly environments: EnvironmentSource;
  readonly clock: Clock;
  readonly events: RunEvents;
  readonly operator: () => string;
  readonly hosts?: HostOpener | null;
};

export type CleanUpRequest = {
  /** Ids of what was offered. */
  readonly items: readonly string[];
  /** The environment's name, typed by the operator. */
  readonly typed: string;
};

type Docker = (engine: string) => DockerPort;

/** Removes what a closed run kept, later and on its own: never a part of a rollback. */
export class CleanUp {
  readonly #deps: CleanUpDeps;

  constructor(deps: CleanUpDeps) {
    this.#deps = deps;
  }

  /** What there is and what removing it would lose; reads only. RUN_COMMAND_REFUSED while the run is open. */
  async look(runId: RunId): Promise<readonly CleanUpOffer[]> {
    const state = await this.#closed(runId);
    return this.#withDocker(state, (docker) => this.#offers(docker, state));
  }

  /**
   * Each is looked at anew, recorded, removed and looked for again; the first that is refused or fails ends it.
   * CLEAN_UP_INCOMPLETE where something had gone by then.
   */
  async remove(runId: RunId, { items, typed }: CleanUpRequest): Promise<void> {
    const state = await this.#closed(runId);
    const { environment, runbook } = mustHaveStarted(state);
    const by = this.#deps.operator();
    if (typed !== environment.name) {
      refuse(`Nothing was removed: type ${environment.name} exactly.`);
    }
    await this.#deps.runs.whileNoneIsOpen(runbook.service.name, environment.name, () =>
      this.#withDocker(state, async (docker) => {
        const chosen = chosenOf(await this.#offers(docker, state), items);
        await this.#recording(runId, async (record) => {
          for (const [index, { id }] of chosen.entries()) {
            try {
              const offers = await this.#offers(docker, state);
              await removeRecorded(docker, mustBeOffered(offers, id), { typed, by, record });
            } catch (thrown) {
              throw index === 0 ? thrown : incomplete(chosen, index, thrown);
            }
          }
        });
      }),
    );
  }

  async #closed(runId: RunId): Promise<RunState> {
    const { state, problem } = await this.#deps.runs.read(runId);
    if (problem !== null) {
      throw AppError.fromJson(problem);
    }
    const refusal = refusalOfCleanUp(state);
    return refusal === null ? state : refuse(refusal);
  }

  async #offers(docker: Docker, state: RunState): Promise<readonly CleanUpOffer[]> {
    const { signal } = new AbortController();
    const kept = keptByRun(state);
    const containers = await Promise.all(
      kept.map((one) => lookAtKept(docker(one.engine), one, this.#deps.clock.now(), signal)),
    );
    const { targets } = mustHaveStarted(state).procedure;
    const images =
      targets.kind === 'docker.images'
        ? await lookAtImages(docker(targets.engine), targets, kept, signal)
        : [];
    return [...containers, ...images];
  }

  async #withDocker<T>(state: RunState, use: (docker: Docker) => Promise<T>): Promise<T> {
    const { environments, hosts = null } = this.#deps;
    const { runbook, environment: recorded, faults, procedure } = mustHaveStarted(state);
    const options = { isNewRun: false, faults, recorded, procedureId: procedure.id };
    const pool = createConnectionPool(
      await environments.open(runbook, recorded.name, options),
      hosts,
    );
    return use((engine) => pool.connections.docker(engine)).finally(() => pool.close());
  }

  /** In the run's own journal, as every later word about a closed run: through its engine where this process still has it. */
  async #recording(
    runId: RunId,
    use: (record: (event: RunEvent) => Promise<void>) => Promise<void>,
  ): Promise<void> {
    const { runs, files, clock, events } = this.#deps;
    const live = runs.live(runId);
    if (live !== null) {
      await use((event) => live.engine.note(() => [event]));
      return;
    }
    const { journal, opened } = await files.open(runId);
    let seq = opened.state.lastSeq;
    try {
      await use(async (event) => {
        const { at, monotonicMs, session } = clock.moment();
        const next = { v: 1 as const, runId, seq: seq + 1, at, monotonicMs, session, event };
        const records = await journal.append([next]);
        seq += 1;
        records.forEach(events.appended);
      });
    } finally {
      await journal.close();
    }
  }
}

type Saying = {
  readonly typed: string;
  readonly by: string;
  readonly record: (event: RunEvent) => Promise<void>;
};

/** Announced before, looked at after, on record in any case. */
export async function removeRecorded(
  docker: Docker,
  { refusal: _none, ...found }: CleanUpOffer,
  { typed, by, record }: Saying,
): Promise<void> {
  const item = CleanUpItem.parse(found);
  await record({ type: 'clean-up.started', item, by, typed });
  try {
    await removeItem(docker(item.engine), item, new AbortController().signal);
  } catch (thrown) {
    await record({ type: 'clean-up.failed', item, error: toErrorJson(thrown) });
    throw thrown;
  }
  await record({ type: 'clean-up.removed', item });
}

/** All of them may go, or nothing is begun. Containers first: an image goes only after what was made of it. */
export function chosenOf(
  offers: readonly CleanUpOffer[],
  items: readonly string[],
): readonly CleanUpOffer[] {
  const chosen = [...new Set(items)].map((id) => mustBeOffered(offers, id));
  if (chosen.length === 0) {
    refuse('Nothing was chosen to be removed.');
  }
  return chosen.toSorted((left, right) => left.kind.localeCompare(right.kind));
}

/** What had gone already is named: that nothing was done would not be true. */
export function incomplete(
  chosen: readonly CleanUpOffer[],
  index: number,
  thrown: unknown,
): AppError {
  const named = (offers: readonly CleanUpOffer[]): string =>
    offers.map(({ kind, name }) => `${kind} ${name}`).join(', ');
  const later = named(chosen.slice(index + 1));
  const parts = [
    `Removed: ${named(chosen.slice(0, index))}.`,
    `It ended at ${named(chosen.slice(index, index + 1))}: ${toErrorJson(thrown).message}`,
    ...(later === '' ? [] : [`Not begun: ${later}.`]),
  ];
  return new AppError('CLEAN_UP_INCOMPLETE', parts.join(' '), { cause: thrown });
}

function mustBeOffered(offers: readonly CleanUpOffer[], id: string): CleanUpOffer {
  const offer = offers.find((one) => one.id === id);
  if (offer === undefined) {
    return refuse(`There is no ${id} to be removed any more.`);
  }
  return offer.refusal === null ? offer : refuse(`${offer.name} is not removed. ${offer.refusal}`);
}

function mustHaveStarted({ started }: RunState): StartedRun {
  return started ?? refuse('The run has not started.');
}

function refuse(message: string): never {
  throw new AppError('RUN_COMMAND_REFUSED', message);
}
