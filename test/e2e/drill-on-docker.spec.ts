import { readFile } from 'node:fs/promises';
import { expect } from './support/console.js';
import type { LaunchedConsole } from './support/console.js';
import { approve, begin, closeRun, order, pick, rollForward, startDrill } from './support/drill.js';
import { onlyJournal } from './support/journal.js';
import { engineEvents, imagesOf, inspected, labTest, lasting } from './support/lab.js';
import type { Inspected, Lab } from './support/lab.js';
import { Operator } from './support/operator.js';
import { startProbe } from './support/outside-probe.js';
import { laptopOnly, screenshot } from './support/screenshots.js';

const ownImages = labTest.extend({
  labPlan: async ({}, use) => {
    await use({ serves: 'v1.2.0', hasOwnImages: true });
  },
});

ownImages(
  'rolls a real container back, cleans up after it, and the engine’s own client sees it so',
  async ({ lastgood, lab }) => {
    labTest.setTimeout(120_000);
    const op = new Operator(lastgood);
    const old = await inspected(lab.container);
    const beganMs = Date.now();

    await pick(op, 'lab-web on staging');
    await startDrill(op);
    await order(op, { to: 'v1.1.0' });
    await begin(op);
    const probe = startProbe(`${lab.url}/health`);
    await approve(op, 'Start the preparation');
    await screenshot(lastgood, 'docker-before-cutover', laptopOnly);
    await approve(op, 'Start the cutover', 'Start the proof');
    await op.press('Go on to Verify', { withinMs: 20_000 });
    const downSeconds = await probe.stop();
    await op.press('Start the verification');
    await expect(op.page.getByRole('heading', { name: 'The watch passed' })).toBeVisible({
      timeout: 20_000,
    });
    await screenshot(lastgood, 'docker-verified', laptopOnly);
    await op.key('6');
    await op.press('Write it as JSON');
    await op.see('report.json');
    await closeRun(op);

    const now = await inspected(lab.container);
    expect(now).toMatchObject({ Image: lab.imageId('v1.1.0'), State: { Running: true } });
    expectSameSettings(now, old);
    expect(await lab.names()).toEqual([lab.container, lab.kept].sort());
    expect(await inspected(lab.kept)).toMatchObject({
      Id: old.Id,
      Image: old.Image,
      State: { Running: false, ExitCode: 0 },
      HostConfig: { RestartPolicy: { Name: 'no' } },
    });
    expect(await countsOf(beganMs, old.Id)).toEqual({
      ...{ update: 1, kill: 1, die: 1, stop: 1, rename: 1 },
    });
    expect(await countsOf(beganMs, now.Id)).toEqual({ create: 1, rename: 1, start: 1 });

    const journal = await onlyJournal(lastgood);
    journal.expectWhole();
    expect(journal.outcome).toBe('rolled-back');
    const { downtimeSeconds } = (await reportOf(lastgood, journal.runId)).figures;
    expect(downSeconds).toBeGreaterThan(0);
    expect(
      Math.abs(downtimeSeconds - downSeconds),
      `own figure ${String(downtimeSeconds)} s, seen from outside ${String(downSeconds)} s`,
    ).toBeLessThan(0.25);
    expect(JSON.stringify(journal.records)).not.toContain('kept where it is');
    await cleanUpAfter(op, lastgood, lab);
    expect(await inspected(lab.container)).toMatchObject({ Id: now.Id, State: { Running: true } });
  },
);

/** Only the kept container and what nobody else has or uses goes, once it has been read what is lost by it. */
async function cleanUpAfter(op: Operator, lastgood: LaunchedConsole, lab: Lab): Promise<void> {
  const image = (tag: string): string => `${lab.repository}:${tag}`;
  const row = (words: string) =>
    op.page.getByRole('table', { name: 'What the run has left' }).getByRole('row', { name: words });
  await op.key('l');
  await expect(row(`container ${lab.kept}`)).toContainText('written outside its volumes are lost');
  await expect(row(`container ${lab.kept}`)).toContainText('may be removed');
  await expect(row(`image ${image('v1.2.0')}`)).toContainText('no rollback can go back to it');
  await expect(row(`image ${image('v1.1.0')}`)).toContainText(`stays: In use by ${lab.container}`);
  await expect(row(`image ${image('v1.0.0')}`)).toContainText('others may need it');
  await screenshot(lastgood, 'docker-clean-up', laptopOnly);
  await op.press('Remove what the run has left…');
  const dialog = op.page.getByRole('dialog', { name: 'Remove for good from staging' });
  await expect(dialog).toContainText('written outside its volumes are lost');
  await screenshot(lastgood, 'docker-clean-up-question', laptopOnly);
  expect(await lab.names()).toEqual([lab.container, lab.kept].sort());
  await op.answer('Remove for good from staging', {
    [`container ${lab.kept}`]: true,
    [`image ${image('v1.2.0')}`]: true,
    'Name of the environment': 'staging',
  });
  await expect(row(`container ${lab.kept}`)).toContainText('gone already');
  await expect(row(`image ${image('v1.2.0')}`)).toHaveCount(0);
  await screenshot(lastgood, 'docker-cleaned-up', laptopOnly);

  expect(await lab.names()).toEqual([lab.container]);
  expect(await imagesOf(lab.repository)).toEqual([image('v1.0.0'), image('v1.1.0')]);
  const journal = await onlyJournal(lastgood);
  journal.expectWhole();
  const removed = journal.events('clean-up.removed').map(({ item }) => item.name);
  expect(removed).toEqual([lab.kept, image('v1.2.0')]);
}

for (const [tag, words] of [
  // It answers for a moment before it ends, so it is found out while waiting or by one of the proofs after it.
  ['crash', /^Not (happened|known)$/],
  ['never-healthy', /Not healthy within 6 s/],
] as const) {
  labTest(
    `brings the old container back by keyboard after a failed start: ${tag}`,
    async ({ lastgood, lab }) => {
      labTest.setTimeout(120_000);
      const op = new Operator(lastgood);
      const old = await inspected(lab.container);
      const lastingOld = await lasting(lab.container);

      await pick(op, 'lab-web on staging');
      await startDrill(op);
      await order(op, { to: tag });
      await begin(op);
      await approve(op, 'Start the preparation', 'Start the cutover');
      await goOnUntilTrouble(op);
      await op.see(words);
      await expect(op.action('Roll forward')).toBeEnabled();
      await screenshot(lastgood, `docker-failed-start-${tag}`, laptopOnly);
      await rollForward(op, 'The target does not serve.');
      await screenshot(lastgood, `docker-rolled-forward-${tag}`, laptopOnly);
      await closeRun(op);

      expect(await lab.names()).toEqual([lab.container]);
      expect(await inspected(lab.container)).toMatchObject({
        Id: old.Id,
        State: { Running: true },
      });
      expect(await lasting(lab.container)).toEqual(lastingOld);
      const journal = await onlyJournal(lastgood);
      expect(journal.outcome).toBe('rolled-forward');
      const answer = await fetch(`${lab.url}/health`);
      expect(await answer.json()).toMatchObject({ version: '1.2.0' });
    },
  );
}

async function goOnUntilTrouble(op: Operator): Promise<void> {
  const trouble = op.page.getByRole('heading', { name: /(failed|outcome is unknown)$/ });
  for (const name of ['Start the proof', 'Go on to Verify', 'Start the verification']) {
    await expect(trouble.or(op.action(name))).toBeVisible({ timeout: 20_000 });
    if (await trouble.isVisible()) {
      return;
    }
    await op.press(name);
  }
  await expect(trouble).toBeVisible({ timeout: 20_000 });
}

function expectSameSettings(now: Inspected, old: Inspected): void {
  expect(now.HostConfig).toMatchObject({
    PortBindings: old.HostConfig['PortBindings'],
    RestartPolicy: { Name: 'unless-stopped' },
    Memory: 256 * 1024 * 1024,
  });
  expect(now.Config).toMatchObject({ Hostname: 'monitor-1', Labels: { team: 'markets' } });
  const env = ['API_KEY=kept where it is', 'COLOUR=blue', 'LAB_VERSION=1.1.0'];
  expect(now.Config['Env']).toEqual(expect.arrayContaining(env));
  const volumes = ({ Mounts }: Inspected) =>
    Mounts.map(({ Type, Name, Destination }) => ({ Type, Name, Destination }));
  expect(volumes(now)).toEqual(volumes(old));
  expect(volumes(now)).toMatchObject([{ Type: 'volume', Destination: '/data' }]);
}

async function countsOf(sinceMs: number, id: string): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  for (const { action } of await engineEvents(sinceMs, [id])) {
    counts[action] = (counts[action] ?? 0) + 1;
  }
  return counts;
}

async function reportOf(
  { paths }: LaunchedConsole,
  runId: Parameters<LaunchedConsole['paths']['run']>[0],
) {
  const text = await readFile(`${paths.run(runId).reports}/report.json`, 'utf8');
  return JSON.parse(text) as { readonly figures: { readonly downtimeSeconds: number } };
}
