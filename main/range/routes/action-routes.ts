import { EngineError } from '../engine-error.js';
import type { StopSignal } from '../life-cycle.js';
import { route } from '../router.js';
import type { Call, Reply, Route } from '../router.js';
import type { ContainerRecord } from '../world.js';

/** What the engine waits when nobody says otherwise. */
const DEFAULT_GRACE_SECONDS = 10;

export const actionRoutes: readonly Route[] = [
  route('POST', '/containers/{id}/start', async ({ engine, subject }) => {
    const hasStarted = await engine.life.start(engine.get(subject));
    return { status: hasStarted ? 204 : 304 };
  }),
  route('POST', '/containers/{id}/stop', stop),
  route('POST', '/containers/{id}/restart', async ({ engine, subject, query }) => {
    const container = engine.get(subject);
    await engine.life.stop(container, graceOf(container, query));
    await engine.life.start(container);
    engine.parts.events.publish('restart', container);
    return { status: 204 };
  }),
  route('POST', '/containers/{id}/pause', (call) => setPaused(call, true)),
  route('POST', '/containers/{id}/unpause', (call) => setPaused(call, false)),
  route('POST', '/containers/{id}/kill', async ({ engine, subject, query }) => {
    await engine.life.kill(engine.get(subject), signalOf(query.get('signal')));
    return { status: 204 };
  }),
];

/** It is only marked so: the range's service goes on to answer, as nothing waits for it in there. */
async function setPaused({ engine, subject }: Call, isPaused: boolean): Promise<Reply> {
  const container = engine.get(subject);
  const { state, id } = container;
  if (state.status !== 'running') {
    throw new EngineError(409, `Container ${id} is not running`);
  }
  if (state.isPaused === isPaused) {
    throw new EngineError(
      isPaused ? 409 : 500,
      `Container ${id} is ${isPaused ? 'already' : 'not'} paused`,
    );
  }
  state.isPaused = isPaused;
  engine.parts.events.publish(isPaused ? 'pause' : 'unpause', container);
  await engine.parts.save();
  return { status: 204 };
}

async function stop({ engine, subject, query, dropLine }: Call): Promise<Reply | null> {
  const container = engine.get(subject);
  const graceSeconds = graceOf(container, query);
  if (container.state.status === 'running' && engine.parts.faults.strikes('engine-unreachable')) {
    // The order has arrived and is carried out, but nobody will hear so.
    void engine.life.stop(container, graceSeconds).catch(() => undefined);
    dropLine();
    return null;
  }
  const hasStopped = await engine.life.stop(container, graceSeconds);
  return { status: hasStopped ? 204 : 304 };
}

function graceOf(container: ContainerRecord, query: URLSearchParams): number {
  const asked = query.get('t');
  if (asked === null || asked === '') {
    return container.config.StopTimeout ?? DEFAULT_GRACE_SECONDS;
  }
  if (!/^-?\d+$/.test(asked)) {
    throw new EngineError(400, `strconv.Atoi: parsing "${asked}": invalid syntax`);
  }
  return Number(asked);
}

const ENDING = new Set(['TERM', 'INT', 'QUIT', 'HUP', '15', '2', '3', '1']);
const OTHERS = /^(USR1|USR2|WINCH|CONT|ALRM|PIPE|\d{1,2})$/;

/** Null for a signal that a program takes note of and goes on. */
function signalOf(asked: string | null): StopSignal | null {
  const name = (asked || 'KILL').toUpperCase().replace(/^SIG/, '');
  if (name === 'KILL' || name === '9') {
    return 'SIGKILL';
  }
  if (ENDING.has(name)) {
    return 'SIGTERM';
  }
  if (!OTHERS.test(name)) {
    throw new EngineError(400, `Invalid signal: ${asked ?? ''}`);
  }
  return null;
}
