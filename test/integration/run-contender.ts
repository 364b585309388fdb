import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { createClock } from '../../main/runs/clock.js';
import { declaredEnvironments } from '../../main/runs/environments.js';
import { RunFiles } from '../../main/runs/run-files.js';
import { RunService } from '../../main/runs/run-service.js';
import { dataPaths, makeDataFolders } from '../../main/storage/data-paths.js';
import { RunIndex } from '../../main/storage/run-index.js';
import { toErrorJson } from '../../shared/errors/app-error.js';
import { RunId } from '../../shared/run/events.js';
import { Runbook } from '../../shared/runbook/schema.js';

/** A console of its own, in a process of its own: does what it is told on standard input, a line each. */
const [folder = '', runbookFile = ''] = process.argv.slice(2);
const paths = dataPaths(folder);
makeDataFolders(paths);
const runbook = Runbook.parse(JSON.parse(readFileSync(runbookFile, 'utf8')));
const clock = createClock();
const user = { session: clock.session, appVersion: '0.0.0' };
const silent = (): undefined => undefined;
const runs = new RunService({
  files: new RunFiles(paths, user),
  index: new RunIndex({ file: paths.runIndex, appVersion: '0.0.0', say: silent }),
  environments: declaredEnvironments,
  runbook: () => Promise.resolve(runbook),
  operator: () => 'operator',
  appVersion: '0.0.0',
  clock,
  events: {
    appended: silent,
    probed: silent,
    lit: silent,
    logged: silent,
    halted: silent,
    closed: silent,
    due: silent,
  },
  redact: (text) => text,
  onFault: silent,
  watchSeconds: null,
});

const Order = z.discriminatedUnion('type', [
  z.object({ type: z.literal('start'), environment: z.string() }),
  z.object({ type: z.literal('resume'), runId: RunId }),
]);

async function obey(order: z.infer<typeof Order>): Promise<string> {
  if (order.type === 'resume') {
    await runs.resume(order.runId);
    return order.runId;
  }
  return runs.start({
    runbookId: runbook.id,
    environment: order.environment,
    procedureId: runbook.procedures[0]?.id ?? '',
    kind: 'drill',
    faults: [],
  });
}

const say = (answer: object): void => {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
};

createInterface({ input: process.stdin }).on('line', (line) => {
  obey(Order.parse(JSON.parse(line))).then(
    (runId) => {
      say({ runId });
    },
    (thrown: unknown) => {
      say({ error: toErrorJson(thrown) });
    },
  );
});
say({ pid: process.pid });
