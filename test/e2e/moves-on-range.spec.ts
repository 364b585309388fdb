import { expect, test } from './support/console.js';
import { approve, begin, closeRun, order, rollForward, startDrill } from './support/drill.js';
import { onlyJournal } from './support/journal.js';
import { Operator } from './support/operator.js';
import { practiceEngine } from './support/range.js';

const service = 'tradewizard-monitor';
const oldServes = { [service]: 'v1.2.0 running' };

test('skips a step, takes one back, does one again and records one as done by hand', async ({
  lastgood,
}) => {
  const op = new Operator(lastgood);
  await startDrill(op);
  await order(op, { to: 'v1.1.0' });
  await begin(op);

  await op.press('Skip');
  await op.answer('Skip “Find target”', { 'Why is it skipped?': 'It was seen a minute ago.' });
  await op.see('Step 2 of 12');
  await approve(op, 'Create replacement');
  await op.see('Step 3 of 12');
  const engine = await practiceEngine(lastgood);
  expect(Object.keys(await engine.containers())).toHaveLength(2);

  await op.press('Undo “Create replacement”');
  await op.answer('Undo “Create replacement”');
  await op.see('Step 2 of 12');
  expect(await engine.containers()).toEqual(oldServes);

  await approve(op, 'Create replacement');
  await op.see('Step 3 of 12');
  await op.press('Done by hand');
  await op.answer('“Save old log” was done by hand', {
    'What shows that it is done?': 'The log lies in the ticket.',
  });
  await op.see('Steps 4–7 of 12');

  await rollForward(op, 'Only the moves were to be shown.');
  await closeRun(op);
  expect(await engine.containers()).toEqual(oldServes);
  const journal = await onlyJournal(lastgood);
  journal.expectWhole();
  expect(journal.outcome).toBe('rolled-forward');
  expect(journal.events('step.skipped')).toMatchObject([
    { stepId: 'find-target', reason: 'It was seen a minute ago.' },
  ]);
  expect(journal.events('undo.succeeded')).toMatchObject([
    { stepId: 'create' },
    { stepId: 'create' },
  ]);
  expect(journal.events('step.started').map(({ stepId, attempt }) => [stepId, attempt])).toEqual([
    ['create', 1],
    ['create', 2],
  ]);
  expect(journal.events('step.done-by-hand')).toMatchObject([
    { stepId: 'save-log', evidence: 'The log lies in the ticket.' },
  ]);
});
