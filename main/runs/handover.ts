import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../shared/errors/app-error.js';
import type { RunEvent, RunId } from '../../shared/run/events.js';
import { HANDOVER_MAX_BYTES } from '../../shared/run/handover-file.js';
import { recover } from '../../shared/run/next-action.js';
import { refusalOfHandover } from '../../shared/run/rules.js';
import type { RunState } from '../../shared/run/state.js';
import { formatRecord } from '../engine/journal-format.js';
import { writeFileAtomically } from '../storage/atomic-file.js';
import type { Clock } from './clock.js';
import type { EnvironmentSource } from './environments.js';
import type { FirstWords } from './first-words.js';
import { isJournal, mustGoOnFromOurs, parseClosedRun } from './closed-run.js';
import type { ClosedRun } from './closed-run.js';
import { compareWithOurs, formatHandover, parseHandover } from './handover-codec.js';
import type { HandedOverRun } from './handover-codec.js';
import type { RunEvents } from './run-events.js';
import type { RunFiles } from './run-files.js';
import type { RunService } from './run-service.js';

export type HandoverDeps = {
  readonly runs: RunService;
  readonly files: RunFiles;
  readonly environments: EnvironmentSource;
  readonly clock: Clock;
  readonly events: RunEvents;
  readonly operator: () => string;
  readonly appVersion: string;
};

export type TakenOver = {
  readonly runId: RunId;
  readonly isTakenBack: boolean;
  /** It came home closed: there is nothing to go on with. */
  readonly isClosed: boolean;
};

/** Room for the hand-over's own record and for the words around the journal. */
const SLACK_BYTES = 64 * 1_024;

/** A run goes to another console as a file, comes in as one, or is taken back. None of it touches a target. */
export class Handover {
  readonly #deps: HandoverDeps;

  constructor(deps: HandoverDeps) {
    this.#deps = deps;
  }

  /**
   * From the record on the run is only read here. HANDOVER_NOT_WRITTEN when the file could not be written after
   * it: then the run can be taken back without a file. Anything else that is thrown left the run as it was.
   */
  async handOver(runId: RunId, to: string, file: string): Promise<void> {
    const { runs, files, operator } = this.#deps;
    await mustBeWritable(file);
    mustFit(await files.bytes(runId));
    const handoverId = randomUUID();
    const live = runs.live(runId);
    if (live === null) {
      await this.#noteLeft(runId, (state) => {
        // Nobody drives it, so nothing runs: what the journal has as running is unknown, and that is said first.
        refuse(refusalOfHandover({ ...state, steps: [] }));
        return [...recover(state), { type: 'run.handed-over', handoverId, to, by: operator() }];
      });
    } else {
      await live.engine.note((state) => {
        refuse(refusalOfHandover(state));
        return [{ type: 'run.handed-over', handoverId, to, by: state.operator }];
      });
      await live.hostSide.sayWhoDrives();
      await runs.letGo(runId);
    }
    await this.#write(runId, file);
  }

  /** Takes a run up from a file. What is refused is refused before anything is written. */
  async takeOver(file: string): Promise<TakenOver> {
    const bytes = await readBounded(file);
    if (isJournal(bytes)) {
      return this.#bringHome(parseClosedRun(bytes));
    }
    const run = parseHandover(bytes);
    const { runId, handoverId } = run;
    const standing = compareWithOurs(run, await this.#deps.files.bytes(runId));
    if (standing === 'back') {
      await this.takeBack(runId);
      return { runId, isTakenBack: true, isClosed: false };
    }
    await this.#refuseSecond(run);
    await this.#mustReach(run);
    const taking: RunEvent = this.#taking(run.state, handoverId, false);
    // With its own record in one piece: a crash in between must not leave a file that looks as if it came from here.
    await this.#deps.files.adopt(runId, Buffer.concat([run.journal, this.#lineAfter(run, taking)]));
    await this.#deps.runs.resume(runId, () => []);
    await this.#deps.runs.live(runId)?.hostSide.sayWhoDrives();
    return { runId, isTakenBack: false, isClosed: false };
  }

  /** A run that was brought to its end here, for the console it came from. Records nothing. */
  async giveBack(runId: RunId, file: string): Promise<void> {
    const { files } = this.#deps;
    const { state, place, problem } = await files.glance(runId);
    if (problem !== null) {
      throw AppError.fromJson(problem);
    }
    refuse(state.closed === null ? 'The run is not closed. Hand it over instead.' : null);
    await mustBeWritable(file);
    const journal = await files.bytes(runId);
    mustFit(journal);
    await writeFileAtomically(file, journal?.subarray(0, place.size) ?? '').catch(
      (cause: unknown) => {
        throw new AppError('HANDOVER_PLACE_UNFIT', `${file} cannot be written.`, { cause });
      },
    );
  }

  /** Ours is replaced by what became of it: the same records to the byte, and those that came after. */
  async #bringHome(closed: ClosedRun): Promise<TakenOver> {
    const { files, events } = this.#deps;
    const { runId, journal } = closed;
    mustGoOnFromOurs(closed, await files.bytes(runId));
    await files.adopt(runId, journal);
    events.closed(runId);
    return { runId, isTakenBack: false, isClosed: true };
  }

  /** Here the run goes on without a file. Whoever has taken the file up elsewhere must not go on with it. */
  async takeBack(runId: RunId): Promise<void> {
    await this.#deps.runs.resume(runId, (state) => {
      if (state.handedOver === null) {
        throw new AppError('RUN_COMMAND_REFUSED', 'This run was not handed over.');
      }
      return [this.#taking(state, state.handedOver.handoverId, true)];
    });
  }

  /** Records something in a run that no process drives, without opening anything but its journal. */
  async #noteLeft(runId: RunId, say: FirstWords): Promise<void> {
    const { clock, files, events } = this.#deps;
    const { journal, opened } = await files.open(runId);
    try {
      const { state } = opened;
      const { at, monotonicMs, session } = clock.moment();
      const records = await journal.append(
        say(state).map((event, index) => {
          const seq = state.lastSeq + 1 + index;
          return { v: 1, runId, seq, at, monotonicMs, session, event };
        }),
      );
      records.forEach(events.appended);
    } finally {
      await journal.close();
      events.closed(runId);
    }
  }

  #taking(state: RunState, handoverId: string, isTakenBack: boolean): RunEvent {
    const { operator, appVersion } = this.#deps;
    const epoch = state.epoch + 1;
    return {
      type: 'run.taken-over',
      handoverId,
      operator: operator(),
      appVersion,
      epoch,
      isTakenBack,
    };
  }

  #lineAfter({ runId, records, head }: HandedOverRun, event: RunEvent): Buffer {
    const { at, monotonicMs, session } = this.#deps.clock.moment();
    const seq = records.length;
    const line = formatRecord({ v: 1, runId, seq, prev: head, at, monotonicMs, session, event });
    return Buffer.from(`${line}\n`, 'utf8');
  }

  async #write(runId: RunId, file: string): Promise<void> {
    try {
      const journal = await this.#deps.files.bytes(runId);
      if (journal !== null) {
        await writeFileAtomically(file, formatHandover(journal));
      }
    } catch (cause) {
      const why = cause instanceof AppError ? cause.message : 'It could not be made.';
      throw new AppError('HANDOVER_NOT_WRITTEN', why, { cause });
    }
  }

  async #refuseSecond({ runId, state: { started } }: HandedOverRun): Promise<void> {
    const open = (await this.#deps.runs.list()).find(
      (run) =>
        run.outcome === null &&
        run.runId !== runId &&
        run.service === started?.runbook.service.name &&
        run.environment === started.environment.name,
    );
    if (open !== undefined) {
      throw new AppError(
        'RUN_ALREADY_OPEN',
        `Run ${open.runId} of ${open.service} on ${open.environment}, started ${open.startedAt}, is still open here.`,
      );
    }
  }

  /** Before the run is here: one that cannot be driven from this console is not taken. */
  async #mustReach({ state: { started } }: HandedOverRun): Promise<void> {
    if (started !== null) {
      const { runbook, environment: recorded, faults, procedure } = started;
      const options = { isNewRun: false, faults, recorded, procedureId: procedure.id };
      await this.#deps.environments.open(runbook, recorded.name, options);
    }
  }
}

function refuse(refusal: string | null): void {
  if (refusal !== null) {
    throw new AppError('RUN_COMMAND_REFUSED', refusal);
  }
}

function mustFit(journal: Buffer | null): void {
  const size = journal === null ? 0 : Buffer.byteLength(JSON.stringify(journal.toString('utf8')));
  if (size + SLACK_BYTES > HANDOVER_MAX_BYTES) {
    throw new AppError('HANDOVER_TOO_BIG', 'The journal is bigger than a hand-over may be.');
  }
}

async function mustBeWritable(file: string): Promise<void> {
  const folder = path.dirname(path.resolve(file));
  try {
    await access(folder, constants.W_OK);
    if (!(await stat(folder)).isDirectory()) {
      throw new Error('not a folder');
    }
  } catch (cause) {
    throw new AppError('HANDOVER_PLACE_UNFIT', `${folder} is no folder to write to.`, { cause });
  }
}

async function readBounded(file: string): Promise<Buffer> {
  try {
    const { size } = await stat(file);
    if (size > HANDOVER_MAX_BYTES) {
      throw new AppError('HANDOVER_TOO_BIG', `${file} is bigger than any hand-over may be.`);
    }
    return await readFile(file);
  } catch (cause) {
    if (cause instanceof AppError) {
      throw cause;
    }
    throw new AppError('HANDOVER_UNREADABLE', `${file} cannot be read.`, { cause });
  }
}
