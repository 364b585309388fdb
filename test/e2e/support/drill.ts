import type { Locator } from '@playwright/test';
import { expect } from './console.js';
import type { Answers, Operator } from './operator.js';

/** The parts of a drill that most specs only pass through, by keys alone. */

export type Order = {
  readonly to: string;
  readonly symptoms?: string;
  /** How long looking at the target once more may take. */
  readonly withinMs?: number;
};

/** From Home into Decide. `faults` are the titles of what the practice range shall make go wrong. */
export async function startDrill(
  op: Operator,
  faults: readonly string[] = [],
  choices: Answers = {},
): Promise<void> {
  await op.press('Start a drill');
  const broken = Object.fromEntries(faults.map((title) => [title, true as const]));
  await op.answer('Start a drill', { ...broken, ...choices });
  await op.see('Go back to');
}

/** Home's arrows go from card to card until the action bar speaks of this one. */
export async function pick(op: Operator, card: string): Promise<void> {
  const wanted = op.page.getByRole('group', { name: card });
  await expect(wanted).toBeVisible();
  for (let presses = 0; presses < 20; presses += 1) {
    if ((await wanted.getAttribute('aria-current')) === 'true') {
      return;
    }
    await op.key('ArrowDown');
  }
  throw new Error(`The arrows do not lead to ${card}.`);
}

/** From Decide into Prepare: what is seen is written down, and the target that is suggested or named is ordered. */
export async function order(
  op: Operator,
  { to, symptoms = 'Health checks fail.', withinMs = 10_000 }: Order,
): Promise<void> {
  await op.key('e');
  await op.write(op.page.getByRole('textbox', { name: 'Symptoms' }), symptoms);
  await choose(op, to);
  await op.press(`Order the rollback to ${to}`);
  await op.answer('Order the rollback', {}, { withinMs });
  await expect(op.action('Begin execution')).toBeVisible({ timeout: withinMs });
}

/** Goes to the list of versions and down it. The version that serves is passed over by itself. */
export async function choose(op: Operator, version: string): Promise<void> {
  const wanted = op.page
    .getByRole('table', { name: 'Versions found' })
    .getByRole('radio', { name: version, exact: true });
  await expect(wanted).toBeVisible();
  if (await wanted.isChecked()) {
    return;
  }
  const chosen = op.page.getByRole('radio', { checked: true });
  if ((await chosen.count()) === 0) {
    // Nothing is suggested, as with backups: Tab leads to the first, the space bar takes it.
    await op.reach(
      op.page.getByRole('table', { name: 'Versions found' }).getByRole('radio').first(),
    );
    await op.key('Space');
  } else {
    await op.reach(chosen);
  }
  for (let presses = 0; presses < 10 && !(await wanted.isChecked()); presses += 1) {
    await op.key('ArrowDown');
  }
  await expect(wanted).toBeChecked();
}

/** From Prepare into Execute. */
export async function begin(op: Operator): Promise<void> {
  await op.press('Begin execution');
  await op.see(/Steps? 1\b.* of /);
}

/** Approves what stands in the primary's place, one after the other, by its words. */
export async function approve(op: Operator, ...names: readonly (string | RegExp)[]): Promise<void> {
  for (const name of names) {
    await op.press(name, { withinMs: 30_000 });
  }
}

/** Everything until the service is about to be taken down. */
export const beforeCutover = ['Find target', 'Create replacement', /Save old log|Keep the last/];

/** `look` is shown the question before it is answered; `withinMs`: how long all of it may take. */
export async function rollForward(
  op: Operator,
  reason: string,
  {
    look,
    withinMs = 30_000,
  }: { readonly look?: (dialog: Locator) => Promise<void>; readonly withinMs?: number } = {},
): Promise<void> {
  await op.press('Roll forward', { withinMs: 30_000 });
  await look?.(op.page.getByRole('dialog', { name: 'Roll forward' }));
  await op.answer('Roll forward', { 'Why?': reason });
  await expect(
    op.page.getByRole('heading', { name: 'Everything has been taken back' }),
  ).toBeVisible({ timeout: withinMs });
}

/** From anywhere to the end of the run. */
export async function closeRun(op: Operator): Promise<void> {
  await op.key('6');
  await op.press('Close the run');
  await op.answer('Close the run');
  await expect(op.action('Go to Home')).toBeVisible();
}
