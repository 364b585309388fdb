import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { freePort } from '../integration/private-sshd.js';
import {
  makeService,
  realSwarm,
  runningImages,
  seenService,
  swarmCommand,
  untilUpdate,
  updateService,
} from '../integration/real-swarm.js';
import { expect, test } from './support/console.js';
import { approve, begin, closeRun, order, pick, rollForward, startDrill } from './support/drill.js';
import { onlyJournal } from './support/journal.js';
import { checkout } from './support/launch.js';
import { Operator } from './support/operator.js';
import { laptopOnly, screenshot } from './support/screenshots.js';

type Document = Readonly<Record<string, unknown>>;

/** A service of the lab's swarm that was updated to v1.2.0, which is sick. */
const swarmTest = test.extend<{ from: string; service: string }>({
  from: ['v1.1.0', { option: true }],
  service: async ({ home, from }, use) => {
    const port = await freePort();
    const service = await makeService({
      ...{ tag: from, port, isAwaited: from !== 'crash' },
      // Long enough for a crash to happen under the engine's eyes on a busy machine.
      more: from === 'crash' ? ['--rollback-monitor', '5s'] : [],
    });
    try {
      await updateService(service, '--image', 'lab-service:v1.2.0', '--env-add', 'NEW=s3cret-two');
      await untilUpdate(service, 'completed');
      await writeRunbook(home, service, port);
      await use(service);
    } finally {
      await swarmCommand('service', 'rm', service);
    }
  },
  // The service stands and the runbook lies there before the console starts.
  variables: async ({ service }, use) => {
    await use({ LASTGOOD_TEST_SERVICE: service });
  },
});

async function writeRunbook(home: string, service: string, port: number): Promise<void> {
  const template = path.join(checkout, 'test/e2e/runbooks/lab-web.yaml');
  const swarm = await readFile(path.join(checkout, 'test/e2e/runbooks/swarm.yaml'), 'utf8');
  const { socket, address } = realSwarm();
  const environment = {
    ...{ name: 'staging', tier: 'staging', url: `http://${address}:${port}`, watchSeconds: 3 },
    ...{
      engines: [{ name: 'swarm', kind: 'docker', socket }],
      variables: { swarmService: service },
    },
  };
  const runbook = parse(await readFile(template, 'utf8')) as Document;
  const { procedures } = parse(swarm) as Document;
  const folder = path.join(home, 'runbooks');
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, 'lab-web.yaml');
  await writeFile(file, stringify({ ...runbook, procedures, environments: [environment] }));
}

swarmTest('rolls a service of a real swarm back, by keyboard', async ({ lastgood, service }) => {
  swarmTest.setTimeout(120_000);
  const op = new Operator(lastgood);
  await pick(op, 'lab-web on staging');
  await startDrill(op);
  await op.see(/1 replica; environment: API_KEY, COLOUR/);
  await op.see(/variable NEW goes/);
  await screenshot(lastgood, 'swarm-decide');
  await order(op, { to: 'v1.1.0' });
  await begin(op);
  await approve(
    op,
    'Start the preparation',
    'Start the cutover',
    /Run test analysis|Start the proof/,
  );
  await op.press('Go on to Verify', { withinMs: 30_000 });
  await op.press('Start the verification');
  await expect(op.page.getByRole('heading', { name: 'The watch passed' })).toBeVisible({
    timeout: 20_000,
  });
  await screenshot(lastgood, 'swarm-verified', laptopOnly);
  await closeRun(op);

  expect(await seenService(service)).toMatchObject({
    ...{ image: 'lab-service:v1.1.0', update: 'rollback_completed' },
    environment: ['API_KEY=s3cret-one', 'COLOUR=blue'],
  });
  expect(await runningImages(service)).toEqual(['lab-service:v1.1.0']);
  const journal = await onlyJournal(lastgood);
  journal.expectWhole();
  expect(journal.outcome).toBe('rolled-back');
  expect(JSON.stringify(journal.records)).not.toContain('s3cret');
});

swarmTest.describe('with a previous version that crashes', () => {
  swarmTest.use({ from: 'crash' });

  swarmTest(
    'says that the engine has paused, and puts back what was there',
    async ({ lastgood, service }) => {
      swarmTest.setTimeout(120_000);
      const op = new Operator(lastgood);
      await pick(op, 'lab-web on staging');
      await startDrill(op);
      await order(op, { to: 'crash' });
      await begin(op);
      await approve(op, 'Start the preparation', 'Start the cutover');
      await expect(op.page.getByRole('heading', { name: 'Wait for tasks failed' })).toBeVisible({
        timeout: 30_000,
      });
      await op.see(/The engine has paused/);
      await op.see(/non-zero exit \(1\)/);
      await screenshot(lastgood, 'swarm-paused');
      await rollForward(op, 'The previous version crashes.');
      await closeRun(op);
      expect(await seenService(service)).toMatchObject({ image: 'lab-service:v1.2.0' });
      expect(await runningImages(service)).toEqual(['lab-service:v1.2.0']);
    },
  );
});
