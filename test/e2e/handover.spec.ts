import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, LaunchedConsole, test as base } from './support/console.js';
import { approve, begin, beforeCutover, closeRun, order, startDrill } from './support/drill.js';
import { journalOf, onlyJournal } from './support/journal.js';
import { Operator } from './support/operator.js';
import { screenshot } from './support/screenshots.js';

/** A second laptop: a console with a data folder of its own. The practice world is that of the first. */
const test = base.extend<{ other: LaunchedConsole }>({
  other: async ({}, use) => {
    const home = await mkdtemp(path.join(tmpdir(), 'lastgood-e2e-other-'));
    const other = new LaunchedConsole(home);
    try {
      await other.start();
      await use(other);
      expect(await other.problems()).toEqual([]);
    } finally {
      await other.dispose();
      await rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    }
  },
});

/** The system's own dialogs cannot be driven from here: they answer at once. Null is the operator who thinks better of it. */
async function choosing({ app }: LaunchedConsole, file: string | null): Promise<void> {
  await app.evaluate(({ dialog }, filePath) => {
    const canceled = filePath === null;
    dialog.showSaveDialog = () => Promise.resolve({ canceled, filePath: filePath ?? '' });
    dialog.showOpenDialog = () =>
      Promise.resolve({ canceled, filePaths: filePath === null ? [] : [filePath] });
  }, file);
}

async function handOver(lastgood: LaunchedConsole, op: Operator, file: string): Promise<void> {
  await choosing(lastgood, file);
  await op.key('Shift+O');
  await op.answer('Hand this run over', { 'To whom?': 'the day shift' });
  await op.see('Handed over to the day shift');
}

test('hands a run over before its cutover, and the other laptop brings it to its end', async ({
  lastgood,
  other,
}) => {
  test.setTimeout(180_000);
  const op = new Operator(lastgood);
  await startDrill(op);
  await order(op, { to: 'v1.1.0' });
  await begin(op);
  await approve(op, ...beforeCutover);
  await expect(op.action('Start the cutover')).toBeVisible();

  const file = path.join(lastgood.home, 'night.handover.json');
  await choosing(lastgood, null);
  await op.key('Shift+O');
  await op.answer('Hand this run over', { 'To whom?': 'the day shift' });
  expect((await onlyJournal(lastgood)).types).not.toContain('run.handed-over');

  await handOver(lastgood, op, file);
  await expect(op.action('Take it back…')).toBeVisible();
  await expect(op.action('Start the cutover')).toBeHidden();
  await screenshot(lastgood, 'handed-over');
  const given = await onlyJournal(lastgood);
  given.expectWhole();
  expect(given.types.at(-1)).toBe('run.handed-over');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readFile(file, 'utf8')).toContain(given.headHash);

  const there = new Operator(other);
  await choosing(other, file);
  await there.press('Take over a run from a file');
  await there.see('Taken over from');
  await screenshot(other, 'taken-over');
  await there.press('Start the cutover');
  await there.press('Read new log', { withinMs: 30_000 });
  await there.press('Run test analysis');
  await there.press('Go on to Verify', { withinMs: 30_000 });
  await there.press('Start the verification');
  await expect(other.page.getByRole('heading', { name: 'The watch passed' })).toBeVisible({
    timeout: 60_000,
  });
  await closeRun(there);
  const finished = await journalOf(other, given.runId);
  finished.expectWhole();
  expect(finished.lines.slice(0, given.lines.length)).toEqual(given.lines);
  expect(finished.events('run.taken-over')).toMatchObject([{ epoch: 1, isTakenBack: false }]);
  expect(finished.outcome).toBe('rolled-back');
  expect((await onlyJournal(lastgood)).lines).toEqual(given.lines);

  const closed = path.join(other.home, 'night.journal.jsonl');
  await choosing(other, closed);
  await there.key('Shift+O');
  await expect
    .poll(() => readFile(closed, 'utf8').catch(() => ''))
    .toContain('"type":"run.closed"');
  await choosing(lastgood, closed);
  await op.press('Back to Home');
  await op.press('Take over a run from a file');
  await expect(op.action('Go to Home')).toBeVisible();
  await screenshot(lastgood, 'came-home-closed');
  expect((await onlyJournal(lastgood)).lines).toEqual(finished.lines);

  await choosing(other, file);
  await there.press('Go to Home');
  await there.press('Take over a run from a file');
  await there.see('This very hand-over was already taken up in this console.');
  await there.see(/It was taken over here by .* at 20/);
  await screenshot(other, 'taken-over-twice');
});

test('takes a run back that nobody took up, with the reason in its journal', async ({
  lastgood,
}) => {
  const op = new Operator(lastgood);
  await startDrill(op);
  await order(op, { to: 'v1.1.0' });
  await handOver(lastgood, op, path.join(lastgood.home, 'x.handover.json'));
  await op.press('Back to Home');
  await op.see('handed over to the day shift');
  await op.press('Open the unfinished drill of tradewizard-monitor');
  await op.press('Take it back…');
  await screenshot(lastgood, 'take-back');
  await op.answer('Take the run back', { 'Why?': 'The day shift is ill.' });
  await expect(op.action('Begin execution')).toBeVisible();
  const journal = await onlyJournal(lastgood);
  journal.expectWhole();
  expect(journal.events('run.taken-over')).toMatchObject([{ epoch: 1, isTakenBack: true }]);
  expect(journal.events('note.added')).toMatchObject([
    { text: 'Taken back: The day shift is ill.' },
  ]);
});

test('takes a run back with its own file, and says so', async ({ lastgood }) => {
  const op = new Operator(lastgood);
  await startDrill(op);
  await handOver(lastgood, op, path.join(lastgood.home, 'x.handover.json'));
  await op.press('Back to Home');
  await op.press('Take over a run from a file');
  await op.see('Taken back by');
  await screenshot(lastgood, 'taken-back');
});
