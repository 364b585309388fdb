import { readFile } from 'node:fs/promises';
import { expect, test } from './support/console.js';
import type { LaunchedConsole } from './support/console.js';
import { begin, startDrill } from './support/drill.js';
import { onlyJournal } from './support/journal.js';
import { Operator } from './support/operator.js';
import { screenshot } from './support/screenshots.js';

const secret = 'kept-out-of-reports-7';

test('takes a whole drill on the range from Home to its report by keyboard alone', async ({
  lastgood,
}) => {
  test.setTimeout(150_000);
  const op = new Operator(lastgood);

  await op.see('Services');
  await screenshot(lastgood, 'home');
  await startDrill(op);
  await decide(lastgood, op);
  await prepare(lastgood, op);
  await execute(lastgood, op);
  await verify(lastgood, op);
  await tell(lastgood, op);
  await review(lastgood, op);
  await judge(lastgood);

  await op.press('Go to Home');
  const finished = op.page.getByRole('row', { name: /drill .*tradewizard-monitor.*rolled back/ });
  await expect(finished).toContainText('v1.2.0 → v1.1.0');
  await op.see(/last drilled (just now|.* ago), \d+/);
  await screenshot(lastgood, 'home-after');
});

async function decide(lastgood: LaunchedConsole, op: Operator): Promise<void> {
  const { page } = lastgood;
  // A rate is only spoken of when there is something to speak of.
  await expect(async () => {
    await op.press('Measure now');
    await expect(page.getByText(/measured: \d+ of \d+ health requests failed/)).toBeVisible({
      timeout: 1_000,
    });
  }).toPass({ timeout: 30_000 });
  await op.key('e');
  await op.select(page.getByRole('combobox', { name: 'Severity' }), 'Critical');
  await op.write(page.getByRole('textbox', { name: 'Error rate' }), '62');
  await op.write(
    page.getByRole('textbox', { name: 'Symptoms' }),
    'Two of three health checks fail since v1.2.0 was deployed.',
  );
  await op.write(page.getByRole('textbox', { name: 'Impact' }), 'No new analyses arrive.');
  await expect(page.getByRole('heading', { name: 'Roll back now' })).toBeVisible();
  const suggested = page.getByRole('row', { name: /v1\.1\.0 suggested/ });
  await expect(suggested.getByRole('radio')).toBeChecked();
  await op.see('Yes: everything that was looked at is in place.');
  await screenshot(lastgood, 'decide');

  await op.press('Order the rollback to v1.1.0');
  await op.answer('Order the rollback of tradewizard-monitor to v1.1.0', {
    'Who orders it?': 'Engineering manager (secondary)',
    Name: 'The one on call',
  });
  await expect(op.action('Begin execution')).toBeVisible();
}

async function prepare(lastgood: LaunchedConsole, op: Operator): Promise<void> {
  const { page } = lastgood;
  const checklist = page.getByRole('heading', { name: 'Checklist:' });
  await expect(checklist).toHaveText('Checklist: 6 of 10 settled · nothing required is open');
  await op.key('ArrowDown');
  await op.press('Pass it by');
  await op.answer('Pass by', { Reason: 'This procedure never touches the database.' });
  await op.see('passed by');
  await op.tick(page.getByRole('checkbox', { name: /people needed .* are together/ }));
  await expect(checklist).toContainText('8 of 10 settled');
  await op.see('Every step can be undone.');
  await screenshot(lastgood, 'prepare');
  await begin(op);
}

async function execute(lastgood: LaunchedConsole, op: Operator): Promise<void> {
  await screenshot(lastgood, 'execute');
  await op.press('Find target');
  await op.press('Note');
  await op.answer('Add a note', { Note: `The old setting was API_KEY=${secret} all along.` });
  await op.press('Create replacement');
  await op.press('Save old log');
  await op.see('Steps 4–7 of 12');
  await screenshot(lastgood, 'execute-cutover');
  await op.press('Start the cutover');
  await op.press('Read new log', { withinMs: 20_000 });
  await op.press('Run test analysis');
  await op.press('Go on to Verify', { withinMs: 20_000 });
}

async function verify(lastgood: LaunchedConsole, op: Operator): Promise<void> {
  const { page } = lastgood;
  await op.press('Start the verification');
  await expect(page.getByRole('heading', { name: 'Checks: 3 of 3 passed' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'All well so far' })).toBeVisible();
  await op.see('Watching v1.1.0');
  await screenshot(lastgood, 'verify-watching');
  await expect(page.getByRole('heading', { name: 'The watch passed' })).toBeVisible({
    timeout: 40_000,
  });
  await op.see(/All \d+ looks found it serving/);
  await screenshot(lastgood, 'verify');
}

async function tell(lastgood: LaunchedConsole, op: Operator): Promise<void> {
  const { page, app } = lastgood;
  await op.key('5');
  await expect(page.getByRole('tab', { name: 'After the rollback' })).toHaveAttribute(
    'aria-selected',
    'true',
  );
  await op.press('Copy “After the rollback”');
  await op.see(/facts are unknown \(.*root cause.*\)/);
  await screenshot(lastgood, 'communicate');
  expect(await app.evaluate(({ clipboard }) => clipboard.readText())).toBe('');
  await op.press('Copy anyway');
  await op.see('Copied. Post it, then mark it as sent.');
  const copied = await app.evaluate(({ clipboard }) => clipboard.readText());
  expect(copied).toContain('[DRILL]');
  expect(copied).toContain('v1.1.0 serves now');
  expect(copied).toMatch(/^Downtime: \d/m);
  await op.press('Mark as sent');
  await op.answer('Mark “After the rollback” as sent', { 'Where was it posted?': '#operations' });
  await expect(page.getByRole('tab', { name: /After the rollback sent/ })).toBeVisible();
}

async function review(lastgood: LaunchedConsole, op: Operator): Promise<void> {
  const { page } = lastgood;
  await op.key('6');
  await expect(
    page.getByRole('heading', {
      name: 'Rolled back to v1.1.0: it serves and its checks passed. The watch passed.',
    }),
  ).toBeVisible();
  await op.key('e');
  const facts = {
    'Root cause': 'A change of the query planner in v1.2.0.',
    'Next steps': 'Fix and test before the next deployment.',
    'Issues on the way': 'Nobody knew the number of the stakeholders.',
    Improvements: 'Put phone numbers into the runbook.',
    'Data loss': 'None',
    Participants: 'The engineer on call',
    'Date of the review': 'Thursday 10:00',
  };
  for (const [name, text] of Object.entries(facts)) {
    await op.write(page.getByRole('textbox', { name }), text);
  }
  await op.press('Write the report as Markdown');
  await op.see('report.md');
  await op.press('Write it as JSON');
  await op.see('report.json');
  await screenshot(lastgood, 'review');
  await op.press('Close the run');
  await op.answer('Close the run', { 'Closing words': 'A good drill.' });
  await expect(op.action('Go to Home')).toBeVisible();
  // The report holds what it held when it was written: written anew, it tells the end too.
  await op.press('Write the report as Markdown');
  await op.press('Write it as JSON');
}

/** From outside: what lies on disk after the window said that it is over. */
async function judge(lastgood: LaunchedConsole): Promise<void> {
  const journal = await onlyJournal(lastgood);
  journal.expectWhole();
  expect(journal.outcome).toBe('rolled-back');
  expect(journal.succeeded).toEqual([
    ...['find-target', 'create', 'save-log', 'stop', 'swap', 'start', 'wait-healthy'],
    ...['read-log', 'trigger', 'check-health', 'check-settings', 'check-log'],
  ]);
  expect(journal.events('rollback.ordered')[0]).toMatchObject({
    authority: 'The one on call, Engineering manager (secondary)',
    reason: 'Two of three health checks fail since v1.2.0 was deployed.',
  });
  expect(journal.events('watch.ended')).toMatchObject([{ verdict: 'pass', endedBy: null }]);

  const { reports } = lastgood.paths.run(journal.runId);
  await expect
    .poll(
      async () => (JSON.parse(await readFile(`${reports}/report.json`, 'utf8')) as Report).journal,
    )
    .toEqual({ records: journal.records.length, headHash: journal.headHash });
  const json = await readFile(`${reports}/report.json`, 'utf8');
  const markdown = await readFile(`${reports}/report.md`, 'utf8');
  expect(JSON.parse(json)).toMatchObject({
    lastgoodReport: 1,
    kind: 'drill',
    outcome: 'rolled-back',
    closingReason: 'A good drill.',
    service: { name: 'tradewizard-monitor' },
    environment: { name: 'practice', tier: 'practice' },
    from: { version: 'v1.2.0' },
    to: { version: 'v1.1.0' },
    figures: { isFinal: true },
    watch: { verdict: 'pass' },
    review: { dataLoss: 'None' },
  });
  for (const report of [json, markdown]) {
    expect(report).toContain('tradewizard-monitor');
    expect(report).toContain('The one on call, Engineering manager (secondary)');
    expect(report).toContain('Put phone numbers into the runbook.');
    expect(report).not.toContain(secret);
  }
}

type Report = { readonly journal: { readonly records: number; readonly headHash: string } };
