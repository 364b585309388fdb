import { copyFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from './support/console.js';
import { approve, begin, closeRun, order, pick, rollForward, startDrill } from './support/drill.js';
import { onlyJournal } from './support/journal.js';
import { dockerCommand, inspected, labTest, lasting } from './support/lab.js';
import { checkout } from './support/launch.js';
import { Operator } from './support/operator.js';
import { laptopOnly, screenshot } from './support/screenshots.js';

const place = 'lab-web on staging';

labTest(
  'a name that somebody holds on the engine leaves the service alone until it is free',
  async ({ lastgood, lab }) => {
    const op = new Operator(lastgood);
    const before = await lasting(lab.container);
    await dockerCommand('create', '--name', lab.next, 'lab-service:v1.0.0');
    await pick(op, place);
    await startDrill(op);
    await order(op, { to: 'v1.1.0' });
    await begin(op);
    await approve(op, 'Start the preparation');
    await expect(op.page.getByRole('heading', { name: 'Create replacement failed' })).toBeVisible();
    await op.see('Another container already has that name.');
    await op.see('Rename or remove it if nobody needs it, then retry.');
    expect(await lasting(lab.container)).toEqual(before);
    // Somebody clears it away, outside the console.
    await dockerCommand('rm', lab.next);
    await op.press('Retry “Create replacement”');
    await expect(op.action('Start the cutover')).toBeEnabled();
    expect(await inspected(lab.next)).toMatchObject({ Image: lab.imageId('v1.1.0') });
    await rollForward(op, 'The drill ends here.');
    await closeRun(op);
    expect(await lab.names()).toEqual([lab.container]);
    expect(await lasting(lab.container)).toEqual(before);
  },
);

labTest(
  'a port that somebody holds keeps the target down until it is free',
  async ({ lastgood, lab }) => {
    labTest.setTimeout(90_000);
    const op = new Operator(lastgood);
    // The service has died, and another container took its port meanwhile.
    await dockerCommand('stop', '--time', '1', lab.container);
    const thief = `${lab.container}-thief`;
    const publish = `127.0.0.1:${lab.port}:3000`;
    await dockerCommand(
      ...['run', '--detach', '--name', thief, '--publish', publish, 'lab-service:v1.0.0'],
    );
    await pick(op, place);
    await startDrill(op);
    await order(op, { to: 'v1.1.0' });
    await begin(op);
    await approve(op, 'Start the preparation', 'Start the cutover');
    await expect(op.page.getByRole('heading', { name: 'Start target failed' })).toBeVisible();
    await op.see('A published port is in use by something else.');
    await op.see('Free the port and retry, or roll forward.');
    await screenshot(lastgood, 'docker-port-taken', laptopOnly);
    await dockerCommand('rm', '--force', thief);
    await op.press('Retry “Start target”');
    await approve(op, 'Start the proof');
    await op.press('Go on to Verify', { withinMs: 20_000 });
    await op.press('Start the verification');
    await expect(op.page.getByRole('heading', { name: 'The watch passed' })).toBeVisible({
      timeout: 20_000,
    });
    await closeRun(op);
    expect(await inspected(lab.container)).toMatchObject({
      Image: lab.imageId('v1.1.0'),
      State: { Running: true },
    });
    expect((await onlyJournal(lastgood)).outcome).toBe('rolled-back');
  },
);

labTest.describe('with a container that ignores stop', () => {
  labTest.use({ labPlan: { serves: 'ignore-stop' } });

  labTest(
    'it is ended when its grace is over, and the target serves',
    async ({ lastgood, lab }) => {
      const op = new Operator(lastgood);
      await pick(op, place);
      await startDrill(op);
      await order(op, { to: 'v1.1.0' });
      await begin(op);
      await approve(op, 'Start the preparation', 'Start the cutover');
      await expect(op.action('Start the proof')).toBeEnabled({ timeout: 20_000 });
      expect(await inspected(lab.container)).toMatchObject({ Image: lab.imageId('v1.1.0') });
      expect(await inspected(lab.kept)).toMatchObject({ State: { Running: false, ExitCode: 137 } });
      const journal = await onlyJournal(lastgood);
      const summaries = journal.events('step.succeeded').map(({ summary }) => summary);
      expect(summaries.join('\n')).toContain('did not stop within 2 s and was ended by the engine');
      await rollForward(op, 'The drill ends here.');
      expect(await inspected(lab.container)).toMatchObject({
        Image: lab.imageId('ignore-stop'),
        State: { Running: true },
      });
    },
  );
});

test.describe('with an engine that is not there', () => {
  test.use({
    home: async ({ home }, use) => {
      const folder = path.join(home, 'runbooks');
      await mkdir(folder, { recursive: true });
      const runbook = path.join(checkout, 'test/e2e/runbooks/lab-web.yaml');
      await copyFile(runbook, path.join(folder, 'lab-web.yaml'));
      await use(home);
    },
  });

  test('nothing can be ordered, and the run can be closed with a reason', async ({ lastgood }) => {
    const op = new Operator(lastgood);
    await pick(op, place);
    await startDrill(op);
    await op.see('Look for versions: The container engine did not answer.');
    await op.see(/There is no socket at \/run\/nothing-here\.sock/);
    await expect(op.action('Order the rollback')).toBeDisabled();
    await screenshot(lastgood, 'failure-no-engine', laptopOnly);
    await op.press('Fix forward instead');
    await op.answer('Fix forward', { 'Why fix forward?': 'The engine is not there.' });
    await expect.poll(async () => (await onlyJournal(lastgood)).outcome).toBe('abandoned');
  });
});
