/** Carries out one database step as a run does, or looks at a backup as its preview does, and says how long it took: `step.mjs PARTS REQUEST`. */
import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

const [parts = '', request = ''] = process.argv.slice(2);
const { kind, params, environment, password } = JSON.parse(request);
const require = createRequire(import.meta.url);
const { createConnectionPool } = require(join(parts, 'pool.cjs'));
const { kindOf } = require(join(parts, 'registry.cjs'));
const { createStepRunner } = require(join(parts, 'runner.cjs'));

const pool = createConnectionPool(environment, {
  questions: { ask: () => Promise.reject(new Error('Nobody is asked here.')) },
  givenPasswords: new Map([['main', password]]),
});
const { signal } = new AbortController();
let start = performance.now();
/** @type {{ at: number, text: string }[]} */
const lines = [];
const emit = (/** @type {string} */ _step, /** @type {string} */ text) => {
  lines.push({ at: Math.round(performance.now() - start), text });
};
/** Of what replaces data: what the operator sees before the approval. */
let foreseenIn = null;
const summary = kind === 'loss' ? await look() : await act();
const milliseconds = performance.now() - start;
await pool.close();
process.stdout.write(JSON.stringify({ milliseconds, foreseenIn, summary, lines }));
process.exit(0);

/** @returns {Promise<string>} */
async function look() {
  const { previewDatabase } = require(join(parts, 'preview.cjs'));
  const { connections } = pool;
  const reach = {
    name: 'main',
    port: connections.database('main'),
    tools: connections.databaseTools('main'),
  };
  const folder = dirname(params.backup);
  const times = Object.fromEntries(
    ['markets', 'recommendations', 'agent_signals'].map((name) => [`public.${name}`, 'created_at']),
  );
  const place = { kind: 'postgres.backups', folder, loss: { times } };
  const target = { id: params.backup, version: 'old', createdAt: new Date().toISOString() };
  const items = await previewDatabase(reach, place, target, signal);
  const loss = items.find((/** @type {{ id: string }} */ { id }) => id === 'loss');
  if (loss === undefined || loss.state === 'red') {
    throw new Error(`No loss was predicted: ${JSON.stringify(items)}`);
  }
  return loss.text;
}

/** @returns {Promise<string>} */
async function act() {
  const runner = createStepRunner({
    runId: randomUUID(),
    kindOf,
    connections: pool.connections,
    emit,
    delay: (/** @type {number} */ milliseconds) => sleep(milliseconds),
  });
  const step = { plan: { id: 'step', kind, params }, status: 'approved', attempt: 0, before: null };
  if (kind === 'postgres.restore' || kind === 'postgres.swap') {
    // As in every run: nothing is approved, and so nothing stopped, before its loss was shown.
    await runner.foresee(step, signal);
    foreseenIn = performance.now() - start;
    start = performance.now();
  }
  const before = await runner.capture({ ...step, job: null }, signal);
  const running = { ...step, before, job: null, attempt: 1 };
  let summary = '';
  if (runner.countTogether([running]) === 0) {
    summary = await runner.act(running, before, signal);
  } else {
    await runner.actTogether(
      {
        job: 'step-1',
        parts: [{ step: running, before }],
        onEnd: (
          /** @type {{ status: string, summary?: string, error?: { message: string } }} */ end,
        ) => {
          if (end.status !== 'done') {
            throw new Error(end.error?.message ?? end.status);
          }
          summary = end.summary ?? '';
        },
      },
      signal,
    );
  }
  return summary;
}
