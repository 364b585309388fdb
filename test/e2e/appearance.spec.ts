import { expect, test } from './support/console.js';
import type { LaunchedConsole } from './support/console.js';
import { startDrill } from './support/drill.js';
import { Operator } from './support/operator.js';

test('follows the light and dark of the system, both ways', async ({ lastgood }) => {
  const { app, page } = lastgood;
  for (const theme of ['dark', 'light', 'dark'] as const) {
    // The desktop changes; nothing is chosen in Lastgood.
    await app.evaluate(({ nativeTheme }, wanted) => {
      nativeTheme.themeSource = wanted;
    }, theme);
    await expect.poll(() => brightness(lastgood)).toBe(theme);
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', theme);
  }
});

test('keeps a chosen theme whatever the system does, also after a restart', async ({
  lastgood,
}) => {
  const op = new Operator(lastgood);
  for (const theme of ['light', 'dark'] as const) {
    await op.find(`${theme} colours`, `Use the ${theme} colours`);
    await expect.poll(() => brightness(lastgood)).toBe(theme);
  }
  await lastgood.quit();
  await lastgood.start();
  await expect.poll(() => brightness(lastgood)).toBe('dark');
});

test('shows the one next action and every instrument in the smallest window', async ({
  lastgood,
}) => {
  const { app, page } = lastgood;
  const op = new Operator(lastgood);
  await app.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.setSize(1_024, 700);
  });
  await page.waitForFunction(() => innerWidth <= 1_024);
  await expect(op.action('Start a drill')).toBeInViewport({ ratio: 1 });
  await startDrill(op);
  await op.see('suggested');
  await expect(op.action('Order the rollback to v1.1.0')).toBeInViewport({ ratio: 1 });
  for (const text of ['PRACTICE', 'Rollback clock', 'Update due']) {
    await expect(page.getByText(text, { exact: true }).first()).toBeInViewport({ ratio: 1 });
  }
  for (const stage of ['Decide', 'Prepare', 'Execute', 'Verify', 'Communicate', 'Review']) {
    await expect(
      page.getByRole('navigation', { name: 'Stages' }).getByRole('button', { name: stage }),
    ).toBeInViewport({ ratio: 1 });
  }
  const isSideways = await page.evaluate(
    () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
  );
  expect(isSideways).toBe(false);
});

test('lists every action with its key in the palette, and runs the one that is chosen', async ({
  lastgood,
}) => {
  const op = new Operator(lastgood);
  await startDrill(op);
  await expect(op.action('Order the rollback to v1.1.0')).toBeEnabled();
  await op.key('Control+K');
  const palette = op.page.getByRole('dialog');
  const search = palette.getByRole('textbox', { name: 'Search the actions' });
  await expect(search).toBeFocused();
  for (const [action, key] of [
    ['Order the rollback to v1.1.0', '⏎'],
    ['Fix forward instead…', 'F'],
    ['Measure now', 'M'],
    ['Go to Home', '⇧ H'],
    ['Open Communicate', '5'],
  ] as const) {
    await expect(palette.getByRole('button', { name: action }).locator('kbd')).toHaveText(key);
  }
  await op.key('Escape');
  await expect(palette).toBeHidden();
  await op.find('open review', 'Open Review');
  await op.see('Drill checklist');
});

test('lists the keys of this screen and those that work everywhere', async ({ lastgood }) => {
  const op = new Operator(lastgood);
  await startDrill(op);
  await expect(op.action('Order the rollback to v1.1.0')).toBeEnabled();
  await op.key('?');
  const keys = op.page.getByRole('dialog', { name: 'Keys' });
  await expect(keys.getByRole('heading', { name: 'On this screen' })).toBeVisible();
  await expect(keys.getByRole('heading', { name: 'Everywhere' })).toBeVisible();
  for (const text of [
    'Order the rollback to v1.1.0',
    'Measure now',
    'Open Review',
    'All actions',
  ]) {
    await expect(keys.getByText(text, { exact: true })).toBeVisible();
  }
  await op.key('Escape');
  await expect(keys).toBeHidden();
  // Closed again, the keys are the screen's.
  await op.press('Measure now');
  await op.see(/health requests/);
});

/** What the eye sees, not what the page says of itself. */
async function brightness({ page }: LaunchedConsole): Promise<'light' | 'dark'> {
  const [red = 0, green = 0, blue = 0] = await page.evaluate(() => {
    const canvas = new OffscreenCanvas(1, 1);
    const context = canvas.getContext('2d');
    if (context === null) {
      return [];
    }
    context.fillStyle = getComputedStyle(document.body).backgroundColor;
    context.fillRect(0, 0, 1, 1);
    return [...context.getImageData(0, 0, 1, 1).data];
  });
  return red + green + blue > 384 ? 'light' : 'dark';
}
