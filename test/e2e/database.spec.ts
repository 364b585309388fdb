import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { expect } from './support/console.js';
import type { LaunchedConsole } from './support/console.js';
import { databaseTest, expectRows, moreRows, patienceMs } from './support/database.js';
import type { LabDatabase } from './support/database.js';
import { begin, choose, closeRun, order, pick, rollForward, startDrill } from './support/drill.js';
import { hostsMayBeMissing } from './support/host.js';
import { onlyJournal } from './support/journal.js';
import { Operator } from './support/operator.js';
import { laptopOnly, screenshot } from './support/screenshots.js';

databaseTest.skip(hostsMayBeMissing, 'Only root can make the machines.');

const backup = 'before-deployment.dump';
const markets = 'public.markets: 501 rows now, 500 in the backup (1 fewer after it)';

databaseTest(
  'restores a database in place, with the loss said before, and takes it forward again',
  async ({ lastgood, database }) => {
    const op = new Operator(lastgood);
    await orderedWithPassword(op, lastgood, database, 'Database, restored in place');
    await begin(op);
    await op.press(/Check backup/);
    await op.press(/Save newer rows/, { withinMs: patienceMs });

    const notice = op.page.locator('#foresight-notice');
    await expect(notice).toContainText(markets, { timeout: patienceMs });
    await expect(notice).toContainText('3 tables with another number of rows');
    await screenshot(lastgood, 'database-before-cutover', laptopOnly);
    expect(database.checksum()).toBe(database.now);
    await approveTyped(op, lastgood, 'database-approval');
    await screenshot(lastgood, 'database-restoring', laptopOnly);
    await verified(op, lastgood, 'database-verified');

    expect(database.checksum()).toBe(database.old);
    expectRows(database, { markets: '500', recommendations: '500' });

    await taken(op, lastgood, 'database-rolled-forward');
    expect(database.checksum()).toBe(database.now);
    expect(database.names()).toEqual(['tradewizard']);
    await closed(op, lastgood, database);
  },
);

databaseTest(
  'restores a database beside the one that serves and swaps them, there and back',
  async ({ lastgood, database }) => {
    const op = new Operator(lastgood);
    await orderedWithPassword(op, lastgood, database, 'Database, restored beside and swapped');
    await begin(op);
    await op.press(/Check backup/);
    await op.press(/Restore beside/, { withinMs: patienceMs });
    await op.press(/Save newer rows/, { withinMs: patienceMs });
    await expect(op.page.locator('#foresight-notice')).toContainText(markets, {
      timeout: patienceMs,
    });
    expect(database.checksum()).toBe(database.now);
    await screenshot(lastgood, 'database-beside-before-swap', laptopOnly);
    await approveTyped(op, lastgood, 'database-beside-approval');
    await verified(op, lastgood, 'database-beside-verified');

    const [kept = '', ...rest] = database.names();
    expect([kept.replace(/[0-9a-f]{8}$/, ''), ...rest]).toEqual(['before_', 'tradewizard']);
    expect(database.checksum()).toBe(database.old);
    expect(database.checksum(kept)).toBe(database.now);

    await taken(op, lastgood, 'database-beside-rolled-forward');
    expect(database.names()).toEqual(['tradewizard']);
    expect(database.checksum()).toBe(database.now);
    await closed(op, lastgood, database);
  },
);

/** From Home to a plan that may begin: the password is asked for once, unseen. */
async function orderedWithPassword(
  op: Operator,
  lastgood: LaunchedConsole,
  { password }: LabDatabase,
  procedure: string,
): Promise<void> {
  await pick(op, 'lab-service on systemd');
  await startDrill(op, [], { 'How to roll back': procedure });
  const dialog = op.page.getByRole('dialog', { name: 'Password of app for the database main' });
  await expect(dialog).toBeVisible();
  await screenshot(lastgood, 'database-password', laptopOnly);
  const field = dialog.getByLabel('Password of the database');
  await expect(field).toHaveAttribute('type', 'password');
  await op.write(field, password);
  await op.key('Enter');
  await expect(dialog).toBeHidden();

  await choose(op, backup);
  await expect(op.page.getByText(markets)).toBeVisible({ timeout: patienceMs });
  await screenshot(lastgood, 'database-decide', laptopOnly);
  await order(op, { to: backup, withinMs: patienceMs });
  await screenshot(lastgood, 'database-prepare', laptopOnly);
}

/** What replaces data is typed for; the figures stand above what is typed. */
async function approveTyped(op: Operator, lastgood: LaunchedConsole, name: string): Promise<void> {
  await op.press('Start the cutover');
  const dialog = op.page.getByRole('dialog', { name: /^Start the cutover/ });
  await expect(dialog).toContainText(markets, { timeout: patienceMs });
  await expect(dialog).toContainText('counted just now');
  await screenshot(lastgood, name, laptopOnly);
  await op.answer(/^Start the cutover/, { Version: backup, Environment: 'systemd' });
}

async function verified(op: Operator, lastgood: LaunchedConsole, name: string): Promise<void> {
  await op.press(/Run test analysis/, { withinMs: patienceMs });
  await op.press('Go on to Verify', { withinMs: 60_000 });
  await op.press('Start the verification');
  await expect(op.page.getByRole('heading', { name: 'The watch passed' })).toBeVisible({
    timeout: 60_000,
  });
  await op.key('x');
  for (const [table, rows] of [
    ['markets', '500'],
    ['recommendations', '500'],
    ['agent_signals', String(1_500 + moreRows)],
  ] as const) {
    await seeCount(op.page, `${table}: ${rows} rows, newest 2026-01-`);
  }
  await screenshot(lastgood, name, laptopOnly);
}

async function seeCount(page: Page, text: string): Promise<void> {
  await expect(page.getByText(text).first()).toBeVisible();
}

/** Back to where it was, after the rows were shown that were written since. */
async function taken(op: Operator, lastgood: LaunchedConsole, name: string): Promise<void> {
  await rollForward(op, 'The newer rows are wanted after all.', {
    withinMs: patienceMs,
    look: async (dialog) => {
      await expect(dialog).toContainText('taking it back loses data, namely what they wrote since');
      await expect(dialog).toContainText('public.markets: 0 newer by created_at');
      await screenshot(lastgood, `${name}-asked`, laptopOnly);
    },
  });
  await screenshot(lastgood, name, laptopOnly);
}

/** What is left behind: a whole journal and two reports that say the loss, and no password anywhere. */
async function closed(
  op: Operator,
  lastgood: LaunchedConsole,
  database: LabDatabase,
): Promise<void> {
  await closeRun(op);
  await op.press('Write the report as Markdown');
  await op.see('report.md');
  await op.press('Write it as JSON');
  await op.see('report.json');
  await screenshot(lastgood, 'database-review', laptopOnly);
  const journal = await onlyJournal(lastgood);
  journal.expectWhole();
  expect(journal.outcome).toBe('rolled-forward');
  const { reports } = lastgood.paths.run(journal.runId);
  for (const name of ['report.md', 'report.json']) {
    expect(await readFile(path.join(reports, name), 'utf8')).toContain(markets);
  }
  expect(await database.passwordsFoundIn(lastgood.home)).toEqual([]);
  const took = journal.records.flatMap(({ event, monotonicMs }) =>
    event.type === 'step.started' ||
    event.type === 'step.succeeded' ||
    event.type === 'undo.succeeded'
      ? [
          `${event.stepId} ${event.type.slice(event.type.indexOf('.') + 1)} ${(monotonicMs / 1_000).toFixed(1)}`,
        ]
      : [],
  );
  databaseTest.info().annotations.push({ type: 'by the second', description: took.join(', ') });
}
