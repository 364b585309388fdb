import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test as base } from './support/console.js';
import { approve, begin, closeRun, order, pick, startDrill } from './support/drill.js';
import { onlyJournal } from './support/journal.js';
import { checkout } from './support/launch.js';
import { Operator } from './support/operator.js';
import { practiceEngine } from './support/range.js';
import { screenshot } from './support/screenshots.js';

const source = path.join(checkout, 'test/fixtures/runbooks/parcel-tracker.yaml');

/** A team's own runbooks lie in the data folder before the console starts. */
const test = base.extend<{ runbooks: string }>({
  runbooks: async ({ home }, use) => {
    await use(path.join(home, 'runbooks'));
  },
  home: async ({ home }, use) => {
    const folder = path.join(home, 'runbooks');
    await mkdir(folder, { recursive: true });
    await copyFile(source, path.join(folder, 'parcel-tracker.yaml'));
    await use(home);
  },
});

test('runs the whole drill for a service that shares nothing with the built-in one', async ({
  lastgood,
}) => {
  test.setTimeout(90_000);
  const op = new Operator(lastgood);
  await pick(op, 'parcel-tracker on practice');
  await screenshot(lastgood, 'home-two-services');
  await startDrill(op);
  await order(op, { to: '2024.10', symptoms: 'Scans are refused.' });
  await begin(op);
  await approve(op, 'Find release', 'Make replacement', /Keep (log|the last)/);
  await approve(op, 'Start the exchange: Halt → Wait until ok', /Read (log|the)/, /[Ss]can a test/);
  await op.press('Go on to Verify', { withinMs: 20_000 });
  await op.press('Start the checks');
  await expect(op.page.getByRole('heading', { name: 'The watch passed' })).toBeVisible({
    timeout: 30_000,
  });
  await op.key('5');
  await op.see('tracking paused for');
  await closeRun(op);

  const journal = await onlyJournal(lastgood);
  journal.expectWhole();
  expect(journal.outcome).toBe('rolled-back');
  expect(journal.succeeded).toEqual([
    ...['look', 'prepare', 'keep-log', 'halt', 'rename', 'go', 'healthy', 'new-log', 'scan'],
    ...['check-health', 'check-settings', 'check-log'],
  ]);
  const containers = await (await practiceEngine(lastgood)).containers();
  expect(containers['parcel-tracker']).toBe('2024.10 running');
  expect(JSON.stringify(journal.records)).not.toMatch(/tradewizard/i);
  await op.press('Go to Home');
  await expect(
    op.page.getByRole('row', { name: /drill .*parcel-tracker.*rolled back/ }),
  ).toBeVisible();
});

test('names the place of a mistake in a runbook, and takes the file in once it is corrected', async ({
  lastgood,
  runbooks,
}) => {
  const op = new Operator(lastgood);
  const card = op.page.getByRole('group', { name: 'parcel-tracker on practice' });
  await expect(card).toBeVisible();
  const text = await readFile(source, 'utf8');
  const broken = path.join(runbooks, 'broken.yaml');
  const copy = text.replace('id: parcel-tracker', 'id: broken-tracker');
  await writeFile(broken, copy.replace('port: 8088', 'port: many'));
  const lines = copy.split('\n');
  const line = lines.findIndex((each) => each.includes('port: 8088'));
  const column = (lines[line] ?? '').indexOf('8088') + 1;

  await refresh(op);
  await expect(op.page.getByRole('heading', { name: '1 runbook problem' })).toBeVisible();
  const problem = op.page.getByRole('listitem').filter({ hasText: 'broken.yaml' });
  await expect(problem).toContainText(`broken.yaml:${String(line + 1)}:${String(column)}`);
  await expect(problem).toContainText(/service\.port|number/);
  await expect(card).toBeVisible();
  await screenshot(lastgood, 'home-runbook-problem');

  await writeFile(broken, copy);
  await refresh(op);
  await expect(
    op.page
      .getByRole('group', { name: 'broken-tracker on practice' })
      .or(op.page.getByRole('group', { name: 'parcel-tracker on practice' })),
  ).toHaveCount(2);
  await expect(op.page.getByRole('heading', { name: /runbook problem/ })).toBeHidden();
  await rm(broken);
});

/** Home is read anew whenever it is opened. */
async function refresh({ page }: Operator): Promise<void> {
  await page.reload();
}
