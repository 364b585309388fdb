import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { createHostAdapter } from '../../../../../main/connections/host/host-adapter.js';
import type { HostPort } from '../../../../../main/connections/ports.js';
import { defineHostStep } from '../../../../../main/steps/host/host-step.js';
import { look } from '../../../../../main/steps/host/look.js';
import { shellQuote } from '../../../../../main/steps/shell-quote.js';
import { createStepRunner } from '../../../../../main/steps/step-runner.js';
import { AppError } from '../../../../../shared/errors/app-error.js';
import { StepId } from '../../../../../shared/plan/planned-step.js';
import type { RunCommand } from '../../../../../shared/run/commands.js';
import { EngineWorld } from '../../../../fakes/engine-world.js';
import { MemoryVault } from '../../../../fakes/memory-vault.js';
import { FakeHttp } from '../../../../fakes/fake-http.js';
import { noDatabase } from '../../../../fakes/no-database.js';
import { LocalLine } from '../../../../fakes/local-line.js';
import { planned, readyToExecute, runId } from '../../../../fakes/sample-run.js';

/** Writes a word into a file; fails where a file named “broken” lies beside it. */
const writeWord = defineHostStep({
  kind: 'test.write',
  risk: 'change',
  repeatable: true,
  params: z.strictObject({ host: z.string(), file: z.string(), word: z.string() }),
  before: z.strictObject({ was: z.string() }),
  describe: ({ file }) => `Write ${file}`,
  commands: () => [],
  undoText: () => 'Write what was there',
  runAs: () => 'login',
  async observe({ host, file, word }, { connections, signal }) {
    const text = `cat ${shellQuote(file)} 2>/dev/null || :`;
    const now = await look(connections.host(host), { text, as: 'login', what: 'Looking' }, signal);
    return { isDone: now === word, facts: `It holds “${now}”.` };
  },
  async capture({ host, file }, { connections, signal }) {
    const text = `cat ${shellQuote(file)} 2>/dev/null || :`;
    return {
      was: await look(connections.host(host), { text, as: 'login', what: 'Looking' }, signal),
    };
  },
  script: ({ file, word }) => `file=${shellQuote(file)}
echo run >>"$file.runs"
[ ! -e "$file.broken" ] || fail 'it is broken'
while [ -e "$file.wait" ]; do sleep 0.05; done
printf %s ${shellQuote(word)} >"$file"
echo written
`,
  undoScript: ({ file }, { was }) => `printf %s ${shellQuote(was)} >${shellQuote(file)}
echo 'put back'
`,
});

function world(words: readonly string[], wrap: (port: HostPort) => HostPort = (port) => port) {
  const line = new LocalLine({ sh: '/bin/dash' });
  onTestFinished(() => {
    line.remove();
  });
  const real = createHostAdapter(line, {
    name: 'app-1',
    questions: { ask: () => Promise.reject(new Error('Nobody is asked here.')) },
    cancelGraceSeconds: 1,
    delay: (_milliseconds, signal) => sleep(10, undefined, { signal }),
  });
  const port = wrap(real);
  const file = (word: string): string => `${line.home}/${word}`;
  // One more that is never approved keeps the run going.
  const steps = [...words, 'last'].map((word) =>
    planned(word, {
      kind: 'test.write',
      params: { host: 'app-1', file: file(word), word },
      unit: word === 'last' ? 'last' : 'cutover',
    }),
  );
  const http = new FakeHttp();
  const runner = createStepRunner({
    runId,
    kindOf: () => writeWord,
    vault: new MemoryVault(),
    connections: {
      swarm: () => {
        throw new Error('There is no swarm here.');
      },
      docker: () => {
        throw new AppError('ENVIRONMENT_UNKNOWN', 'There is no engine.');
      },
      host: () => port,
      http,
      registryLogin: () => Promise.resolve(null),
      ...noDatabase,
    },
    emit: () => undefined,
    kept: () => Promise.resolve(),
    delay: (milliseconds) => sleep(milliseconds),
  });
  const engineWorld = new EngineWorld(readyToExecute(steps), runner);
  const { journal } = engineWorld;
  const cutover = () => engineWorld.engine.state.steps.slice(0, -1);
  const send = async (command: RunCommand): Promise<void> => {
    await engineWorld.engine.dispatch(command);
    await engineWorld.engine.idle();
  };
  return {
    line,
    http,
    journal,
    send,
    approve: () => send({ type: 'approve', unit: 'cutover', typed: null, authority: null }),
    undo: (word: string) => send({ type: 'undo', stepId: StepId.parse(word) }),
    retry: (word: string) => send({ type: 'retry', stepId: StepId.parse(word) }),
    file,
    lay: (name: string) => {
      writeFileSync(file(name), '');
    },
    takeAway: (name: string) => {
      rmSync(file(name), { force: true });
    },
    read: (word: string) => readFileSync(file(word), 'utf8'),
    runs: (word: string) =>
      existsSync(file(`${word}.runs`))
        ? readFileSync(file(`${word}.runs`), 'utf8').split('\n').length - 1
        : 0,
    statuses: () => cutover().map(({ status }) => status),
    attempts: () => cutover().map(({ attempt }) => attempt),
    engineWorld,
  };
}

const approval: RunCommand = { type: 'approve', unit: 'cutover', typed: null, authority: null };

test('steps of one unit are one job on the host, and each says how it ended', async () => {
  const { approve, statuses, journal, read, http } = world(['one', 'two', 'three']);
  await approve();
  // Who answers over a connection from before may be the version before.
  expect(http.moves).toEqual(['let go']);
  expect(statuses()).toEqual(['succeeded', 'succeeded', 'succeeded']);
  expect([read('one'), read('three')]).toEqual(['one', 'three']);
  const jobs = journal.records.flatMap(({ event }) =>
    event.type === 'step.started' ? [event.job] : [],
  );
  expect(new Set(jobs).size).toBe(1);
});

test('what stands behind a failed step is not begun, and goes on from there on a retry', async () => {
  const { approve, retry, statuses, attempts, lay, takeAway, runs } = world([
    'one',
    'two',
    'three',
  ]);
  lay('two.broken');
  await approve();
  expect(statuses()).toEqual(['succeeded', 'failed', 'pending']);
  expect(attempts()).toEqual([1, 1, 0]);
  takeAway('two.broken');
  await retry('two');
  expect(statuses()).toEqual(['succeeded', 'succeeded', 'succeeded']);
  expect(['one', 'two', 'three'].map(runs)).toEqual([1, 2, 1]);
});

test('a step that was taken back is done anew: the good end of its old work proves nothing any more', async () => {
  const { approve, undo, statuses, read, runs } = world(['one']);
  await approve();
  await undo('one');
  expect(read('one')).toBe('');
  await approve();
  expect(statuses()).toEqual(['succeeded']);
  expect([read('one'), runs('one')]).toEqual(['one', 2]);
});

test('a step that was done anew is taken back anew', async () => {
  const { approve, undo, read } = world(['one', 'two']);
  await approve();
  await undo('two');
  await approve();
  expect(read('two')).toBe('two');
  await undo('two');
  expect(read('two')).toBe('');
});

test('what was stopped before it began can still be done later', async () => {
  let isStopped = true;
  const { approve, statuses, attempts, read } = world(['one'], (port) => ({
    ...port,
    info: (signal) => port.info(signal),
    read: (script, signal) => port.read(script, signal),
    job: (id, signal) => port.job(id, signal),
    pickUp: (id, watcher, signal) => port.pickUp(id, watcher, signal),
    // The host has the work, but it was told to end before its first part.
    run: async (job, watcher, signal) => {
      if (isStopped) {
        isStopped = false;
        ended.add(job.id.name);
      }
      return ended.has(job.id.name)
        ? { status: 'ended', parts: [] }
        : port.run(job, watcher, signal);
    },
  }));
  const ended = new Set<string>();
  await approve();
  expect([statuses(), attempts()]).toEqual([['pending'], [0]]);
  await approve();
  expect([statuses(), read('one')]).toEqual([['succeeded'], 'one']);
});

test('after a crash the work that still goes on is followed to its true end, and not begun again', async () => {
  const { engineWorld, statuses, lay, takeAway, runs, line } = world(['one', 'two']);
  lay('one.wait');
  await engineWorld.engine.dispatch({
    type: 'approve',
    unit: 'cutover',
    typed: null,
    authority: null,
  });
  await expect.poll(() => runs('one')).toBe(1);
  line.drop();
  engineWorld.restart();
  line.restore();
  await engineWorld.engine.resume('operator', '0.0.0');
  expect(statuses()).toEqual(['unknown', 'unknown']);
  await engineWorld.engine.look('one');
  expect(statuses()).toEqual(['running', 'running']);
  takeAway('one.wait');
  await engineWorld.engine.idle();
  const steps = engineWorld.engine.state.steps.slice(0, 2);
  expect(steps.map(({ status, summary }) => [status, summary])).toEqual([
    ['succeeded', 'written'],
    ['succeeded', 'written'],
  ]);
  expect(['one', 'two'].map(runs)).toEqual([1, 1]);
});

test('what was picked up can be stopped, and what stands behind it never begins', async () => {
  const { engineWorld, statuses, lay, runs, line } = world(['one', 'two']);
  lay('one.wait');
  await engineWorld.engine.dispatch(approval);
  await expect.poll(() => runs('one')).toBe(1);
  line.drop();
  engineWorld.restart();
  line.restore();
  await engineWorld.engine.resume('operator', '0.0.0');
  await engineWorld.engine.look('one');
  await engineWorld.engine.dispatch({ type: 'stop', stepId: StepId.parse('one') });
  await engineWorld.engine.idle();
  expect(statuses()).toEqual(['failed', 'pending']);
  expect(['one', 'two'].map(runs)).toEqual([1, 0]);
});

test('after a crash the exit code that the host kept is the outcome: nobody is asked', async () => {
  const { engineWorld, statuses, lay, takeAway, runs, line } = world(['one', 'two', 'three']);
  lay('one.wait');
  lay('two.broken');
  await engineWorld.engine.dispatch(approval);
  await expect.poll(() => runs('one')).toBe(1);
  line.drop();
  takeAway('one.wait');
  await expect.poll(() => runs('two')).toBe(1);
  engineWorld.restart();
  line.restore();
  await engineWorld.engine.resume('operator', '0.0.0');
  await engineWorld.engine.look('one');
  await engineWorld.engine.idle();
  expect(statuses()).toEqual(['succeeded', 'failed', 'pending']);
  expect(engineWorld.engine.state.steps[1]?.error?.message).toBe('it is broken');
  expect(['one', 'two', 'three'].map(runs)).toEqual([1, 1, 0]);
});
