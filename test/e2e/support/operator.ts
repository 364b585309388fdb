import type { Locator, Page } from '@playwright/test';
import { DOUBLE_PRESS_MS } from '../../../renderer/ui/actions/registry.js';
import { expect } from './console.js';
import type { LaunchedConsole } from './console.js';

type Name = string | RegExp;

/** What a dialog is answered with: text by the label of its field, `true` for a box, the choice's own words for a choice. */
export type Answers = Readonly<Record<string, string | true>>;

/** The operator's hands and eyes: keys only, and nothing is found but by what a person reads. */
export class Operator {
  readonly #lastgood: LaunchedConsole;
  #pressedAtMs = Number.NEGATIVE_INFINITY;

  constructor(lastgood: LaunchedConsole) {
    this.#lastgood = lastgood;
  }

  get page(): Page {
    return this.#lastgood.page;
  }

  /** A button of the action bar. */
  action(name: Name): Locator {
    return this.page.getByRole('toolbar', { name: 'Actions' }).getByRole('button', { name });
  }

  async see(text: Name): Promise<void> {
    await expect(this.page.getByText(text).filter({ visible: true }).first()).toBeVisible();
  }

  /** Presses the key that the action shows, once the action is there and possible. */
  async press(name: Name, { withinMs = 10_000 } = {}): Promise<void> {
    const bar = this.page.getByRole('toolbar', { name: 'Actions' });
    // In a small window the end of the bar has no room: its keys work all the same.
    const button = bar.getByRole('button', { name, includeHidden: true });
    await expect(button).toBeEnabled({ timeout: withinMs });
    await this.#leaveField();
    await this.key(keyOf((await button.locator('kbd').textContent()) ?? ''));
  }

  /** Two quick presses count as one, so a hand is never faster than that. */
  async key(key: string): Promise<void> {
    await this.page.waitForFunction((atMs) => performance.now() >= atMs, this.#pressedAtMs);
    await this.page.keyboard.press(key);
    this.#pressedAtMs = (await this.page.evaluate(() => performance.now())) + DOUBLE_PRESS_MS;
  }

  /** Answers the dialog that an action brought up, and waits until it has been taken. */
  async answer(title: Name, answers: Answers = {}, { withinMs = 10_000 } = {}): Promise<void> {
    const dialog = this.page.getByRole('dialog', { name: title });
    await expect(dialog).toBeVisible();
    for (const [label, answer] of Object.entries(answers)) {
      if (answer === true) {
        await this.tick(dialog.getByRole('checkbox', { name: label }));
      } else if ((await dialog.getByRole('radiogroup', { name: label }).count()) > 0) {
        await this.#choose(dialog.getByRole('radiogroup', { name: label }), answer);
      } else {
        await this.write(dialog.getByRole('textbox', { name: label }), answer);
      }
    }
    await this.key('Enter');
    await expect(dialog).toBeHidden({ timeout: withinMs });
  }

  /** Finds an action in the palette by some of its words, and runs it. */
  async find(words: string, name: Name): Promise<void> {
    await this.key('Control+K');
    const palette = this.page.getByRole('dialog');
    await expect(palette.getByRole('textbox', { name: 'Search the actions' })).toBeFocused();
    await this.page.keyboard.type(words);
    await expect(palette.getByRole('button')).toHaveCount(1);
    await expect(palette.getByRole('button', { name })).toBeVisible();
    await this.key('Enter');
    await expect(palette).toBeHidden();
  }

  /** Replaces what stands in a text field. */
  async write(field: Locator, text: string): Promise<void> {
    await this.reach(field);
    await this.page.keyboard.press('ControlOrMeta+A');
    await this.page.keyboard.type(text);
    await expect(field).toHaveValue(text);
  }

  /** Picks an entry of a list by typing its first letters. */
  async select(field: Locator, label: string): Promise<void> {
    await this.reach(field);
    await this.page.keyboard.type(label);
    await expect(field.locator('option:checked')).toHaveText(label);
  }

  async tick(box: Locator): Promise<void> {
    await this.reach(box);
    await this.page.keyboard.press('Space');
    await expect(box).toBeChecked();
  }

  /** Goes there with Tab, as somebody without a mouse does. */
  async reach(target: Locator): Promise<void> {
    await expect(target).toBeVisible();
    for (let presses = 0; presses < MOST_TABS; presses += 1) {
      if (await target.evaluate((element) => element === document.activeElement)) {
        return;
      }
      await this.page.keyboard.press('Tab');
    }
    throw new Error(`Tab does not lead to ${target.toString()}.`);
  }

  async #choose(group: Locator, label: string): Promise<void> {
    const wanted = group.getByRole('radio', { name: label, exact: true });
    const choices = await group.getByRole('radio').count();
    await this.reach(group.getByRole('radio', { checked: true }));
    for (let presses = 0; presses < choices && !(await wanted.isChecked()); presses += 1) {
      await this.page.keyboard.press('ArrowDown');
    }
    await expect(wanted).toBeChecked();
  }

  /** Letters belong to a field as long as it has the focus. */
  async #leaveField(): Promise<void> {
    const focus = this.page.locator('input:focus, textarea:focus, select:focus');
    if ((await focus.count()) === 0) {
      return;
    }
    if ((await this.page.locator('select:focus').count()) > 0) {
      await this.page.keyboard.press('Tab');
    }
    await this.page.keyboard.press('Escape');
    await expect(this.page.locator('textarea:focus, select:focus')).toHaveCount(0);
  }
}

const MOST_TABS = 120;

const namesOfGlyphs: Readonly<Record<string, string>> = {
  '⏎': 'Enter',
  '⇧': 'Shift',
  Ctrl: 'Control',
  '⌘': 'Meta',
  Esc: 'Escape',
  '↑': 'ArrowUp',
  '↓': 'ArrowDown',
  '←': 'ArrowLeft',
  '→': 'ArrowRight',
};

/** What is printed beside an action, as the keyboard of the test driver calls it: `⇧ R` is `Shift+R`. */
function keyOf(printed: string): string {
  const parts = printed.trim().split(' ');
  return parts
    .map((part) => namesOfGlyphs[part] ?? (parts.length === 1 ? part.toLowerCase() : part))
    .join('+');
}
