import { AppError, toErrorJson } from '../../../shared/errors/app-error.js';
import type { ErrorJson } from '../../../shared/errors/app-error.js';
import type {
  HostPort,
  JobId,
  JobPart,
  JobSecret,
  JobState,
  PartEnd,
  RunAs,
} from '../../connections/ports.js';
import type { PartOutcome } from '../step-work.js';

const settleTimeoutMs = 15_000;
/** From the word to end to the end of everything, the line to come back included. */
const cancelTimeoutMs = 60_000;

export type HostWork = {
  readonly port: HostPort;
  readonly id: JobId;
  readonly as: RunAs;
  readonly parts: readonly JobPart[];
  readonly secrets: readonly JobSecret[];
  readonly emit: (part: string, line: string) => void;
  readonly onEnd: (part: string, outcome: PartOutcome) => void;
};

/**
 * Carries out detached work and tells each part's end once, in order. Where the operator stopped it, what the host knows
 * of its parts is told before STEP_STOPPED goes on; what it cannot tell stays untold.
 */
export async function carryOut(work: HostWork, signal: AbortSignal): Promise<void> {
  const { port, id, as, parts, secrets, onEnd } = work;
  let told = 0;
  const tell = (end: PartEnd): void => {
    told += 1;
    onEnd(end.name, outcomeOf(end));
  };
  const onLine = (line: string): void => {
    work.emit(parts[told]?.name ?? parts.at(-1)?.name ?? '', line);
  };
  try {
    const state = await port.run({ id, as, parts, secrets }, { onLine, onPart: tell }, signal);
    tellRest(state, parts, told, tell);
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== 'STEP_STOPPED') {
      throw thrown;
    }
    const state = await port.job(id, AbortSignal.timeout(settleTimeoutMs)).catch(() => null);
    if (state?.status !== 'ended') {
      throw thrown;
    }
    tellStopped(state.parts, parts, told, onEnd, toErrorJson(thrown));
  }
}

/** Follows work that was begun before. The signal ends the work, and what the host then knows of its parts is told. */
export async function followToEnd(
  work: Pick<HostWork, 'port' | 'id' | 'emit' | 'onEnd'> & { readonly parts: readonly string[] },
  signal: AbortSignal,
): Promise<void> {
  const { port, id, emit, onEnd } = work;
  const parts = work.parts.map((name) => ({ name, script: '' }));
  const told = new Set<string>();
  const tell = (end: PartEnd): void => {
    told.add(end.name);
    onEnd(end.name, outcomeOf(end));
  };
  const left = () => parts.filter(({ name }) => !told.has(name));
  const onLine = (line: string): void => {
    emit(left()[0]?.name ?? work.parts.at(-1) ?? '', line);
  };
  try {
    const state = await port.pickUp(id, { onLine, onPart: tell }, signal);
    tellRest(state, left(), 0, tell);
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== 'STEP_STOPPED') {
      throw thrown;
    }
    const state = await port.cancel(id, AbortSignal.timeout(cancelTimeoutMs));
    if (state.status !== 'ended') {
      throw new AppError('STEP_WORK_LOST', 'The work was ended on the host without saying how.');
    }
    tellStopped(state.parts, left(), 0, onEnd, toErrorJson(thrown));
  }
}

/** Follows to its end what still runs; what the host says of a part of it. Null where that work was never begun there. */
export async function outcomeOnHost(
  port: HostPort,
  id: JobId,
  part: string,
  emit: (line: string) => void,
  signal: AbortSignal,
): Promise<PartOutcome | 'lost' | null> {
  const first = await port.job(id, signal);
  const watcher = { onLine: emit, onPart: () => undefined };
  const state = first.status === 'running' ? await port.pickUp(id, watcher, signal) : first;
  if (state.status === 'absent') {
    return null;
  }
  const end = state.parts.find(({ name }) => name === part);
  return end === undefined ? 'lost' : outcomeOf(end);
}

export type WorkSight = {
  readonly status: JobState['status'];
  readonly ends: ReadonlyMap<string, PartOutcome>;
};

/**
 * What the host itself says of each part. Where the work was cut off, the part at hand has no end; those behind it were
 * never begun, for each begins only after the end of the one before it.
 */
export function sightOf(state: JobState, parts: readonly string[]): WorkSight {
  const { status } = state;
  if (status === 'absent') {
    return { status, ends: new Map() };
  }
  const ends = new Map(state.parts.map((end) => [end.name, outcomeOf(end)]));
  const open = parts.filter((name) => !ends.has(name));
  const behind =
    status === 'ended' ? open : status === 'lost' && ends.size > 0 ? open.slice(1) : [];
  for (const name of behind) {
    ends.set(name, { status: 'not-begun', reason: 'The work on the host ended before it.' });
  }
  return { status, ends };
}

function outcomeOf({ status, summary, exitCode }: PartEnd): PartOutcome {
  switch (status) {
    case 'done':
    case 'already':
      return { status: 'done', summary, wasAlready: status === 'already' };
    case 'failed': {
      const why = summary === '' ? `It ended with exit code ${String(exitCode)}.` : summary;
      return { status: 'failed', error: toErrorJson(new AppError('STEP_SCRIPT_FAILED', why)) };
    }
    case 'not-begun':
      return { status: 'not-begun', reason: 'The step before it ended the work.' };
  }
}

/** What the watcher was not told of while the work ran. */
function tellRest(
  state: JobState,
  parts: readonly JobPart[],
  told: number,
  tell: (end: PartEnd) => void,
): void {
  if (state.status === 'absent' || state.status === 'lost') {
    throw new AppError('STEP_WORK_LOST', 'The work ended on the host without saying how.');
  }
  for (const { name } of parts.slice(told)) {
    const end = state.parts.find((one) => one.name === name);
    tell(end ?? { name, status: 'not-begun', exitCode: null, summary: '' });
  }
}

/** The part that was cut off failed by being stopped; those behind it never began. */
function tellStopped(
  ends: readonly PartEnd[],
  parts: readonly JobPart[],
  told: number,
  onEnd: HostWork['onEnd'],
  error: ErrorJson,
): void {
  for (const { name } of parts.slice(told)) {
    const end = ends.find((one) => one.name === name);
    const outcome = end === undefined ? null : outcomeOf(end);
    onEnd(
      name,
      outcome?.status === 'failed'
        ? { status: 'failed', error }
        : (outcome ?? { status: 'not-begun', reason: 'The work was stopped before it.' }),
    );
  }
}
