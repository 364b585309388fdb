import { expect, test } from './support/console.js';
import { approve, begin, closeRun, order, rollForward, startDrill } from './support/drill.js';
import { onlyJournal } from './support/journal.js';
import { Operator } from './support/operator.js';

const swarm = { 'How to roll back': 'Swarm service' };

test('drills the rollback of a swarm service on the range, by keyboard', async ({ lastgood }) => {
  test.setTimeout(180_000);
  const op = new Operator(lastgood);
  await startDrill(op, [], swarm);
  await op.see(/2 replicas; environment: API_TOKEN/);
  await order(op, { to: 'v1.1.0' });
  await begin(op);
  await approve(op, 'Check specification', 'Save old log', 'Start the cutover');
  await approve(op, 'Read new log', 'Run test analysis');
  await op.press('Go on to Verify', { withinMs: 30_000 });
  await op.press('Start the verification');
  await expect(op.page.getByRole('heading', { name: 'The watch passed' })).toBeVisible({
    timeout: 60_000,
  });
  await closeRun(op);
  const journal = await onlyJournal(lastgood);
  journal.expectWhole();
  expect(journal.outcome).toBe('rolled-back');
  expect(JSON.stringify(journal.records)).not.toContain('API_TOKEN=');
});

test('says that the rollback is paused where the target never gets healthy, and goes back', async ({
  lastgood,
}) => {
  test.setTimeout(120_000);
  const op = new Operator(lastgood);
  await startDrill(op, ['Target never gets healthy'], swarm);
  await order(op, { to: 'v1.1.0' });
  await begin(op);
  await approve(op, 'Check specification', 'Save old log', 'Start the cutover');
  await expect(op.page.getByRole('heading', { name: 'Wait for tasks failed' })).toBeVisible({
    timeout: 30_000,
  });
  await op.see(/The engine has paused/);
  await rollForward(op, 'The previous version never gets healthy.');
  await closeRun(op);
  expect((await onlyJournal(lastgood)).outcome).toBe('rolled-forward');
});
