import { expect, test } from './support/console.js';
import type { LaunchedConsole } from './support/console.js';
import {
  approve,
  begin,
  beforeCutover,
  closeRun,
  order,
  pick,
  rollForward,
  startDrill,
} from './support/drill.js';
import { onlyJournal } from './support/journal.js';
import { engineEvents, inspected, labTest } from './support/lab.js';
import { Operator } from './support/operator.js';
import { practiceEngine } from './support/range.js';
import { laptopOnly, screenshot } from './support/screenshots.js';

/** The moment the record of the step is on disk, and its outcome is not. */
async function untilStopping(lastgood: LaunchedConsole): Promise<void> {
  await expect
    .poll(async () => (await onlyJournal(lastgood)).records.at(-1)?.event)
    .toMatchObject({ type: 'step.started', stepId: 'stop' });
}

/** Reads it as it was left, and shows that reading has changed nothing. */
async function readLeftRun(
  lastgood: LaunchedConsole,
  op: Operator,
  service: string,
  lines: readonly string[],
): Promise<void> {
  await expect(
    op.page.getByRole('group', { name: `Unfinished drill of ${service}` }),
  ).toBeVisible();
  await op.see('Nothing has been done since.');
  await op.see('“Stop old” is unknown: look before anything');
  await screenshot(lastgood, 'crash-home', laptopOnly);
  await op.press(`Open the unfinished drill of ${service}`);
  await op.see('This run was left');
  await op.see(/“Stop old” was under way: it is unknown until the console has looked/);
  await op.see('not connected: this run is only being read');
  await screenshot(lastgood, 'crash-left-run', laptopOnly);
  expect((await onlyJournal(lastgood)).lines).toEqual(lines);
}

test('offers a drill that was killed in the middle of a step, and takes it back when asked', async ({
  lastgood,
}) => {
  test.setTimeout(90_000);
  const service = 'tradewizard-monitor';
  const op = new Operator(lastgood);
  await startDrill(op, ['Stop is ignored', 'Everything is slow']);
  await order(op, { to: 'v1.1.0' });
  await begin(op);
  await approve(op, ...beforeCutover, 'Start the cutover');
  await untilStopping(lastgood);
  await lastgood.kill();
  const { lines } = await onlyJournal(lastgood);

  await lastgood.start();
  const again = new Operator(lastgood);
  await readLeftRun(lastgood, again, service, lines);
  await again.press('Continue this run');
  await expect(
    again.page.getByRole('heading', { name: 'Stop old: the outcome is unknown' }),
  ).toBeVisible();
  await again.see(/^It is (not )?done\./);
  await screenshot(lastgood, 'crash-unknown', laptopOnly);
  const { types } = await onlyJournal(lastgood);
  expect(types.slice(lines.length)).toEqual(
    expect.arrayContaining(['run.resumed', 'step.unknown', 'step.looked']),
  );
  expect(types.slice(lines.length)).not.toContain('step.started');
  await rollForward(again, 'The console had died.');
  await closeRun(again);
  expect(await (await practiceEngine(lastgood)).containers()).toEqual({
    [service]: 'v1.2.0 running',
  });
  const journal = await onlyJournal(lastgood);
  journal.expectWhole();
  expect(journal.outcome).toBe('rolled-forward');
});

labTest.describe('on the real engine', () => {
  labTest.use({ labPlan: { serves: 'ignore-stop' } });

  labTest(
    'touches nothing after a kill until the operator goes on, and then ends the drill',
    async ({ lastgood, lab }) => {
      labTest.setTimeout(90_000);
      const op = new Operator(lastgood);
      await pick(op, 'lab-web on staging');
      await startDrill(op);
      await order(op, { to: 'v1.1.0' });
      await begin(op);
      await approve(op, 'Start the preparation', 'Start the cutover');
      await untilStopping(lastgood);
      await lastgood.kill();
      const { lines } = await onlyJournal(lastgood);
      const old = await inspected(lab.container);
      const next = await inspected(lab.next);
      // Some engines carry the order out without the one who gave it, others give it up: the grace of 2 s ends either.
      const killedMs = Date.now();
      await expect
        .poll(
          async () =>
            !(await inspected(lab.container)).State.Running || Date.now() > killedMs + 4_000,
        )
        .toBe(true);

      const sinceMs = Date.now();
      await lastgood.start();
      const again = new Operator(lastgood);
      await readLeftRun(lastgood, again, 'lab-web', lines);
      expect(await engineEvents(sinceMs, [old.Id, next.Id])).toEqual([]);
      await again.press('Continue this run');
      const isDone = !(await inspected(lab.container)).State.Running;
      await again.see(isDone ? /^It is done\./ : /^It is not done\./);
      expect(await engineEvents(sinceMs, [old.Id, next.Id])).toEqual([]);
      await again.press(isDone ? /^It is done/ : /^It is not done: offer it again/);
      await approve(again, 'Start the cutover', 'Start the proof');
      await again.press('Go on to Verify', { withinMs: 20_000 });
      await again.press('Start the verification');
      await expect(again.page.getByRole('heading', { name: 'The watch passed' })).toBeVisible({
        timeout: 20_000,
      });
      await closeRun(again);

      expect(await inspected(lab.container)).toMatchObject({
        Id: next.Id,
        Image: lab.imageId('v1.1.0'),
        State: { Running: true },
      });
      expect(await inspected(lab.kept)).toMatchObject({ Id: old.Id, State: { Running: false } });
      const journal = await onlyJournal(lastgood);
      journal.expectWhole();
      expect(journal.outcome).toBe('rolled-back');
      expect(journal.events('step.started').filter(({ stepId }) => stepId === 'stop')).toHaveLength(
        isDone ? 1 : 2,
      );
    },
  );
});

test('asks before it is quit in the middle of a rollback', async ({ lastgood }) => {
  const op = new Operator(lastgood);
  await startDrill(op);
  await order(op, { to: 'v1.1.0' });
  await begin(op);
  await answerQuitWith(lastgood, 'Stay');
  await lastgood.app.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.close();
  });
  await expect
    .poll(() => questions(lastgood))
    .toMatchObject([{ message: 'tradewizard-monitor is in the middle of a rollback.' }]);
  // It stays, and the drill with it.
  await op.press('Find target');
  await op.see('Step 2 of 12');

  await answerQuitWith(lastgood, 'Quit all the same');
  await lastgood.quit();
  await lastgood.start();
  const again = new Operator(lastgood);
  await again.press('Open the unfinished drill');
  await again.press('Continue this run');
  await again.press('Create replacement');
  await again.see('Step 3 of 12');
  (await onlyJournal(lastgood)).expectWhole();
});

type Question = { readonly message: string; readonly buttons: readonly string[] };

/** Stands in for the system's own dialog, which no keyboard of a test reaches. */
async function answerQuitWith({ app }: LaunchedConsole, button: string): Promise<void> {
  await app.evaluate(({ dialog }, wanted) => {
    const asked: Question[] = [];
    Object.assign(globalThis, { asked });
    Object.assign(dialog, {
      showMessageBox: (_window: unknown, question: Question) => {
        asked.push(question);
        return Promise.resolve({ response: question.buttons.indexOf(wanted) });
      },
    });
  }, button);
}

async function questions({ app }: LaunchedConsole): Promise<readonly Question[]> {
  return app.evaluate(() => (globalThis as unknown as { asked: Question[] }).asked);
}
