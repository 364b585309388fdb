/** Carries out one database step as a run does, and says how long it took: `step.mjs PARTS REQUEST`. */
import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';
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
const runner = createStepRunner({
  runId: randomUUID(),
  kindOf,
  connections: pool.connections,
  emit: () => undefined,
  delay: (/** @type {number} */ milliseconds) => sleep(milliseconds),
});
const step = { plan: { id: 'step', kind, params }, status: 'approved', attempt: 0, before: null };
const start = performance.now();
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
const milliseconds = performance.now() - start;
await pool.close();
process.stdout.write(JSON.stringify({ milliseconds, summary }));
process.exit(0);
