// Screenshots of the harness's scenes: node test/renderer-harness/shoot.mjs OUT [scene[:key…]…]
import { mkdirSync, readFileSync } from 'node:fs';
import { extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import react from '@vitejs/plugin-react';
import { build } from 'vite';

const here = fileURLToPath(new URL('.', import.meta.url));
const [out = 'test-results/screens', ...scenes] = process.argv.slice(2);
const sizes = (process.env.SIZES ?? '1280x800')
  .split(',')
  .map((size) => size.split('x').map(Number));
const themes = (process.env.THEMES ?? 'dark,light').split(',');
const built = resolve(out, 'page');
mkdirSync(out, { recursive: true });
if (process.env.SKIP_BUILD !== '1') {
  await build({
    configFile: false,
    root: here,
    plugins: [react()],
    logLevel: 'error',
    build: { outDir: built, emptyOutDir: true },
  });
}

const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

/** From disk, not from a server: so nothing that happens to the network can spoil a picture. */
function serve(route) {
  const { pathname } = new URL(route.request().url());
  const file = pathname === '/' ? '/index.html' : pathname;
  return route.fulfill({
    body: readFileSync(join(built, file)),
    contentType: types[extname(file)] ?? 'text/plain',
  });
}

async function shoot(page, scene, name) {
  const [start, ...keys] = scene.split(':');
  await page.goto(`http://harness.invalid/?scene=${start}&theme=${name.theme}`);
  await page.getByRole('toolbar').waitFor();
  if (start !== 'home' && start !== 'empty') {
    await page.keyboard.press('Enter');
    await page.getByRole('navigation').waitFor();
  }
  for (const key of keys) {
    await page.waitForTimeout(450);
    await page.keyboard.press(key);
  }
  await page.waitForTimeout(600);
  await page.screenshot({
    path: join(out, `${scene.replaceAll(/[^a-z0-9]+/gi, '-')}-${name.theme}-${name.width}.png`),
  });
}

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
// Its sandbox stays on, so this is for an ordinary user.
const browser = await chromium.launch({ executablePath, chromiumSandbox: true });
for (const [width, height] of sizes) {
  for (const theme of themes) {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme: theme });
    await page.route('**/*', serve);
    page.on('pageerror', (error) => process.stderr.write(`${error.message}\n`));
    for (const scene of scenes) {
      await shoot(page, scene, { theme, width });
    }
    await page.close();
  }
}
await browser.close();
