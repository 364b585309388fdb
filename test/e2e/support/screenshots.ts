import path from 'node:path';
import type { LaunchedConsole } from './console.js';
import { checkout } from './launch.js';

const folder = path.join(
  path.resolve(checkout, process.env['LASTGOOD_TEST_RESULTS'] ?? 'test-results'),
  'screenshots',
);
const sizes = [
  { width: 1_280, height: 800 },
  { width: 1_920, height: 1_080 },
] as const;
const themes = ['light', 'dark'] as const;

type Size = { readonly width: number; readonly height: number };

/** The size most read at night; enough for what a stage has in many variants. */
export const laptopOnly: readonly Size[] = [sizes[0]];

/** Writes `<name>-<theme>-<width>x<height>.png` for both themes and each size, then puts the window back as it was. */
export async function screenshot(
  lastgood: LaunchedConsole,
  name: string,
  wanted: readonly Size[] = sizes,
): Promise<void> {
  const before = await readWindow(lastgood);
  for (const size of wanted) {
    for (const theme of themes) {
      await setWindow(lastgood, { ...size, theme });
      const file = `${name}-${theme}-${String(size.width)}x${String(size.height)}.png`;
      await lastgood.page.screenshot({ path: path.join(folder, file), animations: 'disabled' });
    }
  }
  await setWindow(lastgood, before);
}

type WindowLook = {
  readonly width: number;
  readonly height: number;
  readonly theme: 'system' | 'light' | 'dark';
};

async function readWindow({ app }: LaunchedConsole): Promise<WindowLook> {
  return app.evaluate(({ BrowserWindow, nativeTheme }) => {
    const [width = 0, height = 0] = BrowserWindow.getAllWindows()[0]?.getContentSize() ?? [];
    return { width, height, theme: nativeTheme.themeSource };
  });
}

async function setWindow({ app, page }: LaunchedConsole, look: WindowLook): Promise<void> {
  const isDark = await app.evaluate(({ BrowserWindow, nativeTheme }, { width, height, theme }) => {
    nativeTheme.themeSource = theme;
    BrowserWindow.getAllWindows()[0]?.setContentSize(width, height);
    return nativeTheme.shouldUseDarkColors;
  }, look);
  await page.waitForFunction(
    (wanted) =>
      innerWidth === wanted.width &&
      innerHeight === wanted.height &&
      matchMedia('(prefers-color-scheme: dark)').matches === wanted.isDark,
    { ...look, isDark },
  );
  // Two frames: one to lay out for the new size, one to paint it.
  await page.evaluate(
    () =>
      new Promise((resolve) => {
        requestAnimationFrame(() => requestAnimationFrame(resolve));
      }),
  );
}
