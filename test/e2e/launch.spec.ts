import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { dataPaths } from '../../main/storage/data-paths.js';
import { expect, readLog, test } from './support/console.js';
import { checkout, environment, runtime } from './support/launch.js';
import { screenshot } from './support/screenshots.js';

test('opens one window with the page in it', async ({ lastgood }) => {
  const { app, page } = lastgood;
  await expect(page).toHaveTitle('Lastgood');
  await expect(page.locator('#root')).not.toBeEmpty();
  const windows = await app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().map((window) => ({
      isVisible: window.isVisible(),
      size: window.getSize(),
      minimum: window.getMinimumSize(),
    })),
  );
  expect(windows).toEqual([{ isVisible: true, size: [1_280, 800], minimum: [1_024, 700] }]);
});

test('keeps everything under the data folder, readable by its owner alone', async ({
  lastgood,
}) => {
  const places = await lastgood.app.evaluate(({ app }) => [
    app.getPath('userData'),
    app.getPath('sessionData'),
  ]);
  expect(places).toEqual([lastgood.paths.browser, lastgood.paths.browser]);
  const { mode } = await stat(lastgood.paths.runs);
  expect(mode & 0o777).toBe(0o700);
});

test('can be photographed in both themes and sizes', async ({ lastgood }) => {
  await screenshot(lastgood, 'launch');
});

test('opens where it was closed', async ({ lastgood }) => {
  const wanted = { x: 60, y: 40, width: 1_100, height: 720 };
  await lastgood.app.evaluate(({ BrowserWindow }, bounds) => {
    BrowserWindow.getAllWindows()[0]?.setBounds(bounds);
  }, wanted);
  await lastgood.page.waitForFunction((width) => innerWidth === width, wanted.width);
  await lastgood.quit();
  await lastgood.start();
  const bounds = await lastgood.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.getBounds(),
  );
  expect(bounds).toEqual(wanted);
});

test('starts again on the same data folder after it was killed', async ({ lastgood }) => {
  await lastgood.killAndRestart();
  await expect(lastgood.page).toHaveTitle('Lastgood');
});

test('hands over to the open window when started a second time', async ({ lastgood }) => {
  const second = spawn(runtime(), ['.'], {
    cwd: checkout,
    env: environment(lastgood.home),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  second.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const [code] = (await once(second, 'exit')) as [number | null];
  expect(code).toBe(0);
  expect(said).toContain('already open on this data folder');
  expect(lastgood.app.windows()).toHaveLength(1);
});

/** Without the test driver, which cannot follow a page from one process to the next. */
test('brings the page back when its process dies', async ({ home }) => {
  const app = spawn(runtime(), ['.'], { cwd: checkout, env: environment(home), stdio: 'ignore' });
  const ended = once(app, 'exit');
  const loaded = async (): Promise<unknown[]> =>
    (await readLog(dataPaths(home).appLog))
      .filter(({ message }) => message === 'The page is loaded')
      .map(({ pid }) => pid);
  try {
    await expect.poll(loaded, { timeout: 20_000 }).toHaveLength(1);
    const [first] = await loaded();
    process.kill(Number(first), 'SIGKILL');
    await expect.poll(loaded).toHaveLength(2);
    expect((await loaded())[1]).not.toBe(first);
  } finally {
    app.kill('SIGKILL');
    await ended;
  }
});
