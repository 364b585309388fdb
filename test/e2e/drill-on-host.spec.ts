import { readFile } from 'node:fs/promises';
import { arrived, leftBehind, sightOf } from '../integration/host-sights.js';
import type { Procedure } from '../integration/host-sights.js';
import { expect } from './support/console.js';
import { approve, begin, closeRun, order, pick, rollForward, startDrill } from './support/drill.js';
import { fingerprintOf, hostsMayBeMissing, hostTest, keyOf } from './support/host.js';
import type { Machine } from './support/host.js';
import { newJournal, onlyJournal, runIds } from './support/journal.js';
import { Operator } from './support/operator.js';
import { laptopOnly, screenshot } from './support/screenshots.js';

const place = 'lab-service on systemd';

hostTest.skip(hostsMayBeMissing, 'Only root can make the machines.');

hostTest.describe('with a machine that nobody has connected to', () => {
  hostTest.use({ knows: 'nothing' });

  hostTest(
    'asks whether its key is right, then rolls a systemd unit back in one approval',
    async ({ lastgood, machine, desk }) => {
      hostTest.setTimeout(120_000);
      const op = new Operator(lastgood);
      expect(await sightOf(machine, 'systemd')).toMatch(/serves 1\.2\.0$/u);

      await pick(op, place);
      await op.press('Start a drill');
      await op.key('Enter');
      const dialog = op.page.getByRole('dialog', { name: /^Is this really lab-app/ });
      await expect(dialog).toBeVisible();
      const fingerprint = await fingerprintOf(machine);
      await expect(dialog).toContainText(fingerprint);
      // Behind it, the run is already there.
      await op.see('Go back to');
      await screenshot(lastgood, 'host-key-question', laptopOnly);
      // Agreed to without having looked: nothing is trusted.
      await op.key('Enter');
      await expect(dialog.getByRole('status')).toContainText('once you have compared it');
      expect(await readFile(desk.knownHosts, 'utf8')).toBe('');
      await op.write(dialog.getByRole('textbox'), fingerprint.slice(-6));
      await op.key('Enter');
      await expect(dialog).toBeHidden();
      await expect(op.page.getByRole('radio', { name: 'v1.1.0' })).toBeVisible({ timeout: 20_000 });
      expect(await readFile(desk.knownHosts, 'utf8')).toContain(await keyOf(machine));
      await screenshot(lastgood, 'host-decide', laptopOnly);

      await order(op, { to: 'v1.1.0' });
      await screenshot(lastgood, 'host-prepare', laptopOnly);
      await begin(op);
      await approve(op, 'Start the inspection');
      await op.see('where: app');
      await screenshot(lastgood, 'host-before-cutover', laptopOnly);
      await approve(op, 'Start the cutover');
      await expect(op.action(/Read new log/)).toBeEnabled({ timeout: 30_000 });
      await screenshot(lastgood, 'host-cutover', laptopOnly);
      await approve(op, /Read new log/, /Run test analysis/);
      await op.press('Go on to Verify', { withinMs: 30_000 });
      await op.press('Start the verification');
      await expect(op.page.getByRole('heading', { name: 'The watch passed' })).toBeVisible({
        timeout: 30_000,
      });
      await screenshot(lastgood, 'host-verified', laptopOnly);
      await closeRun(op);

      await expectArrived(machine, 'systemd');
      const journal = await onlyJournal(lastgood);
      journal.expectWhole();
      expect(journal.outcome).toBe('rolled-back');
    },
  );
});

type Presses = {
  readonly procedure: Procedure;
  readonly title: string;
  readonly before: readonly RegExp[];
  readonly after: readonly RegExp[];
  readonly checks: string | RegExp;
};

const pressed: readonly Presses[] = [
  {
    procedure: 'systemd',
    title: 'systemd releases',
    before: [/Start the inspection/],
    after: [/Read new log/, /Run test analysis/],
    checks: 'Start the verification',
  },
  {
    procedure: 'pm2',
    title: 'PM2 app',
    before: [/Check release/],
    after: [/Run test analysis/],
    checks: /^Check app/,
  },
  {
    procedure: 'git',
    title: 'Git checkout',
    before: [/Check work tree/, /Build beside/],
    after: [/Run test analysis/],
    checks: /^Check.*lab-git|^Check unit/,
  },
];

hostTest(
  'rolls every procedure back and forward again, and the machine itself says so',
  async ({ lastgood, machine }) => {
    hostTest.setTimeout(180_000);
    const op = new Operator(lastgood);
    for (const { procedure, title, before, after, checks } of pressed) {
      await hostTest.step(title, async () => {
        const known = await runIds(lastgood);
        const untouched = await sightOf(machine, procedure);
        expect(untouched).toMatch(/serves 1\.2\.0$/u);

        await pick(op, `lab-service on ${procedure}`);
        await startDrill(op, [], { 'How to roll back': title });
        await order(op, { to: 'v1.1.0' });
        await begin(op);
        await approve(op, ...before);
        await expect(op.action('Start the cutover')).toBeEnabled({ timeout: 60_000 });
        await screenshot(lastgood, `host-${procedure}-before-cutover`, laptopOnly);
        await approve(op, 'Start the cutover', ...after);
        await op.press('Go on to Verify', { withinMs: 30_000 });
        await op.press(checks);
        await expect(op.page.getByRole('heading', { name: 'The watch passed' })).toBeVisible({
          timeout: 30_000,
        });
        await screenshot(lastgood, `host-${procedure}-verified`, laptopOnly);
        await expectArrived(machine, procedure);

        await rollForward(op, 'The old version is wanted after all.');
        await screenshot(lastgood, `host-${procedure}-rolled-forward`, laptopOnly);
        expect(await sightOf(machine, procedure)).toBe(untouched);
        await closeRun(op);
        expect(await leftBehind(machine)).toBe('');
        const journal = await newJournal(lastgood, known);
        journal.expectWhole();
        expect(journal.outcome).toBe('rolled-forward');
        await op.press('Go to Home');
      });
    }
  },
);

async function expectArrived(machine: Machine, procedure: Procedure): Promise<void> {
  const sight = await sightOf(machine, procedure);
  for (const words of [...arrived[procedure], /serves 1\.1\.0$/u]) {
    expect(sight).toMatch(words);
  }
}

hostTest.describe('with a machine that shows another key than the one known for it', () => {
  hostTest.use({ knows: 'another key' });

  hostTest(
    'does not go on, and says what happened and what to do',
    async ({ lastgood, machine, desk }) => {
      const op = new Operator(lastgood);
      const before = await sightOf(machine, 'systemd');
      const known = await readFile(desk.knownHosts, 'utf8');

      await pick(op, place);
      await startDrill(op);
      await op.see(/^Look for versions: The host answers with another key/);
      await op.see(/^app The host answers with another key/);
      await op.see('Health not measured');
      await screenshot(lastgood, 'host-key-changed', laptopOnly);
      await op.see(/No login was tried and nothing was sent to it/);
      await op.see(/only then take the old line out of known_hosts/);
      await expect(op.action('Order the rollback')).toBeDisabled();
      await expect(op.page.getByRole('dialog')).toBeHidden();

      expect(await readFile(desk.knownHosts, 'utf8')).toBe(known);
      expect(await sightOf(machine, 'systemd')).toBe(before);
      await op.press('Fix forward instead');
      await op.answer('Fix forward', { 'Why fix forward?': 'The key of the host has changed.' });
      await expect.poll(async () => (await onlyJournal(lastgood)).outcome).toBe('abandoned');
    },
  );
});
