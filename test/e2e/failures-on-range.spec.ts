import { expect, test } from './support/console.js';
import type { LaunchedConsole } from './support/console.js';
import {
  approve,
  begin,
  beforeCutover,
  closeRun,
  order,
  rollForward,
  startDrill,
} from './support/drill.js';
import { onlyJournal } from './support/journal.js';
import { Operator } from './support/operator.js';
import { practiceEngine } from './support/range.js';
import { laptopOnly, screenshot } from './support/screenshots.js';

const service = 'tradewizard-monitor';
const oldServes = { [service]: 'v1.2.0 running' };

async function beginDrill(lastgood: LaunchedConsole, fault: string): Promise<Operator> {
  const op = new Operator(lastgood);
  await startDrill(op, [fault]);
  await order(op, { to: 'v1.1.0' });
  await begin(op);
  return op;
}

/** What happened, what did not, and that only these moves are on offer. */
async function seeFailure(
  op: Operator,
  title: string,
  words: readonly string[],
  moves: readonly (string | RegExp)[],
): Promise<void> {
  await expect(op.page.getByRole('heading', { name: title })).toBeVisible({ timeout: 20_000 });
  for (const text of words) {
    await op.see(text);
  }
  const names = await op.page.getByRole('toolbar', { name: 'Actions' }).getByRole('button').all();
  expect(names).toHaveLength(moves.length);
  for (const [index, move] of moves.entries()) {
    await expect(names[index] as (typeof names)[number]).toHaveAccessibleName(move);
  }
}

test('a target that vanished changes nothing, and the drill can be closed', async ({
  lastgood,
}) => {
  const op = await beginDrill(lastgood, 'Target image vanishes');
  await op.press('Find target');
  await seeFailure(
    op,
    'Find target failed',
    ['The image is not on the engine.', 'No container was created or stopped for it.'],
    [/^Retry “Find target”/, /^Done by hand/, /^Skip/, /^Note/],
  );
  await screenshot(lastgood, 'failure-target-missing', laptopOnly);
  await op.key('6');
  await op.press('Close without a rollback');
  await op.answer('Close the run', { 'Closing words': 'The image is gone.' });
  await expect(op.action('Go to Home')).toBeVisible();

  expect((await onlyJournal(lastgood)).outcome).toBe('abandoned');
  expect(await (await practiceEngine(lastgood)).containers()).toEqual(oldServes);
});

test('a line that drops leaves a step unknown until it was looked at, and the rest goes on', async ({
  lastgood,
}) => {
  const op = await beginDrill(lastgood, 'Engine drops the line');
  await approve(op, ...beforeCutover, 'Start the cutover');
  await expect(
    op.page.getByRole('heading', { name: 'Stop old: the outcome is unknown' }),
  ).toBeVisible({ timeout: 20_000 });
  await op.see('the answer never came');
  await screenshot(lastgood, 'failure-engine-unreachable', laptopOnly);
  const engine = await practiceEngine(lastgood);
  await expect
    .poll(() => engine.containers().catch(() => null), { timeout: 20_000 })
    .toMatchObject({
      [service]: 'v1.2.0 exited',
    });
  await op.press(/^Look (at “Stop old”|again)/);
  await op.press('It is done');
  await op.press('Start the cutover: Swap names', { withinMs: 20_000 });
  await approve(op, 'Read new log');
  const now = await engine.containers();
  expect(now[service]).toBe('v1.1.0 running');
  await rollForward(op, 'The drill ends here.');
  expect(await engine.containers()).toEqual(oldServes);
  const journal = await onlyJournal(lastgood);
  expect(journal.events('step.settled')).toMatchObject([{ stepId: 'stop', as: 'done' }]);
  expect(journal.events('step.started').filter(({ stepId }) => stepId === 'stop')).toHaveLength(1);
});

test('a name that is taken leaves the service alone, and a second try succeeds', async ({
  lastgood,
}) => {
  const op = await beginDrill(lastgood, 'Name in use');
  await approve(op, 'Find target', 'Create replacement');
  await seeFailure(
    op,
    'Create replacement failed',
    ['Another container already has that name.', 'none was created or renamed'],
    [/^Retry/, /^Roll forward/, /^Undo/, /^Done by hand/, /^Skip/, /^(Note|1 more)/],
  );
  await screenshot(lastgood, 'failure-name-taken', laptopOnly);
  const engine = await practiceEngine(lastgood);
  expect((await engine.containers())[service]).toBe(oldServes[service]);
  await expect.poll(() => engine.containers(), { timeout: 20_000 }).toEqual(oldServes);
  await op.press('Retry “Create replacement”');
  await op.see('Step 3 of 12');
  await rollForward(op, 'The drill ends here.');
  await closeRun(op);
  expect(await engine.containers()).toEqual(oldServes);
  expect((await onlyJournal(lastgood)).outcome).toBe('rolled-forward');
});

test('a port that is taken stops the cutover half-way, and a second try ends it', async ({
  lastgood,
}) => {
  const op = await beginDrill(lastgood, 'Port in use');
  await approve(op, ...beforeCutover, 'Start the cutover');
  await seeFailure(
    op,
    'Start target failed',
    ['A published port is in use by something else.', 'The container was not started'],
    [/^Retry/, /^Roll forward/, /^Undo/, /^Done by hand/, /^Skip/, /^Note/],
  );
  await op.see('Down now');
  await screenshot(lastgood, 'failure-port-taken', laptopOnly);
  await op.press('Retry “Start target”');
  await approve(op, 'Read new log', 'Run test analysis');
  const engine = await practiceEngine(lastgood);
  expect((await engine.containers())[service]).toBe('v1.1.0 running');
  await op.press('Go on to Verify', { withinMs: 20_000 });
  await op.press('Start the verification');
  await op.press('End the watch early');
  await op.answer('End the watch early', { 'Why now?': 'The drill ends here.' });
  await closeRun(op);
  expect((await onlyJournal(lastgood)).outcome).toBe('rolled-back');
});

test('a container that ignores stop is ended when its grace is over, and that is said', async ({
  lastgood,
}) => {
  const op = await beginDrill(lastgood, 'Stop is ignored');
  await approve(op, ...beforeCutover, 'Start the cutover');
  await op.see('Running “Stop old”');
  await screenshot(lastgood, 'failure-ignores-stop', laptopOnly);
  await expect(op.action('Read new log')).toBeVisible({ timeout: 20_000 });
  const engine = await practiceEngine(lastgood);
  expect((await engine.containers())[service]).toBe('v1.1.0 running');
  const stopped = (await onlyJournal(lastgood))
    .events('step.succeeded')
    .find(({ stepId }) => stepId === 'stop');
  expect(stopped?.summary).toContain('was ended by the engine (exit code 137)');
  await rollForward(op, 'The drill ends here.');
  expect(await engine.containers()).toEqual(oldServes);
});

test('a target that never gets healthy is given up by the operator, and the old one serves again', async ({
  lastgood,
}) => {
  const op = await beginDrill(lastgood, 'Target never gets healthy');
  await approve(op, ...beforeCutover, 'Start the cutover');
  await op.press('Stop “Wait until healthy”', { withinMs: 20_000 });
  await expect(
    op.page.getByRole('heading', { name: /^Wait until healthy(:| failed)/ }),
  ).toBeVisible({ timeout: 20_000 });
  await screenshot(lastgood, 'failure-never-healthy', laptopOnly);
  await rollForward(op, 'It never got healthy.');
  await screenshot(lastgood, 'rolled-forward', laptopOnly);
  await closeRun(op);
  expect(await (await practiceEngine(lastgood)).containers()).toEqual(oldServes);
  const journal = await onlyJournal(lastgood);
  expect(journal.outcome).toBe('rolled-forward');
  journal.expectWhole();
});
