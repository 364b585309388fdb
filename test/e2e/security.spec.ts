import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, readLog, test as base } from './support/console.js';

type Outside = { readonly url: string; readonly hits: string[] };

/** A server the page must never reach. */
const test = base.extend<{ outside: Outside }>({
  outside: async ({}, use) => {
    const hits: string[] = [];
    const server = createServer((request, response) => {
      hits.push(request.url ?? '');
      response.setHeader('Access-Control-Allow-Origin', '*').end('<title>outside</title>');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await use({ url: `http://127.0.0.1:${String(port)}`, hits });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  },
});

/** What the page does on purpose here is written to its console by the policy. */
const POLICY = /Content Security Policy|Refused to|violates the following/;

test('runs the page as an ordinary user in the sandbox of the system', async ({ lastgood }) => {
  const pid = await lastgood.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId(),
  );
  const status = await readFile(`/proc/${String(pid)}/status`, 'utf8');
  expect(status).toMatch(/^Seccomp:\t2$/m);
  expect(status).toMatch(/^NoNewPrivs:\t1$/m);
  expect(status).not.toMatch(/^Uid:.*\b0\b/m);
});

test('gives the page nothing but the two functions of the bridge', async ({ lastgood }) => {
  const seen = await lastgood.page.evaluate(() => ({
    node: ['require', 'process', 'module', 'Buffer', 'global', 'electron'].filter(
      (name) => name in globalThis,
    ),
    bridge: Object.keys(window.lastgood).sort(),
    isIsolated: !('PREFIX' in globalThis) && !('ipcRenderer' in globalThis),
  }));
  expect(seen).toEqual({ node: [], bridge: ['request', 'subscribe'], isIsolated: true });
});

test('keeps the page from replacing the bridge', async ({ lastgood }) => {
  const isKept = await lastgood.page.evaluate(() => {
    const before = window.lastgood.request;
    try {
      Object.assign(window.lastgood, { request: () => 'replaced' });
    } catch {
      // Frozen: the way it should be.
    }
    return window.lastgood.request === before;
  });
  expect(isKept).toBe(true);
});

test('sends the strict policy with the page, with another nonce each time', async ({
  lastgood,
}) => {
  const [first, second] = await lastgood.app.evaluate(async ({ net }) => {
    const read = async () => {
      const { headers } = await net.fetch('lastgood-app://app/index.html');
      return [
        headers.get('content-security-policy') ?? '',
        headers.get('x-content-type-options') ?? '',
        headers.get('cross-origin-opener-policy') ?? '',
      ];
    };
    return [await read(), await read()];
  });
  expect(first[0]).toMatch(
    /^default-src 'none'; script-src 'self'; style-src 'self' 'nonce-[\w+/=]{24}'; img-src/,
  );
  expect(first.slice(1)).toEqual(['nosniff', 'same-origin']);
  expect(second[0]).not.toBe(first[0]);
});

test('runs no script and no style but its own', async ({ lastgood }) => {
  lastgood.expectProblem(POLICY);
  const result = await lastgood.page.evaluate(
    () =>
      new Promise((resolve) => {
        const script = document.createElement('script');
        script.textContent = 'globalThis.ranInline = true';
        document.head.append(script);
        const attribute = document.createElement('div');
        attribute.setAttribute('onclick', 'globalThis.ranAttribute = true');
        attribute.click();
        const style = document.createElement('style');
        style.textContent = 'html { outline: 7px solid red }';
        document.head.append(style);
        // In a task of its own: the driver lifts the ban on eval for its own calls.
        setTimeout(() => {
          let evaluated: unknown = 'refused';
          try {
            evaluated = eval('1 + 1');
          } catch {
            // Refused by the policy.
          }
          resolve({
            evaluated,
            ran: ['ranInline', 'ranAttribute'].filter((name) => name in globalThis),
            outline: getComputedStyle(document.documentElement).outlineWidth,
          });
        }, 0);
      }),
  );
  expect(result).toMatchObject({ evaluated: 'refused', ran: [] });
  expect(result).not.toMatchObject({ outline: '7px' });
});

test('reaches nothing outside, by whatever way', async ({ lastgood, outside }) => {
  lastgood.expectProblem(POLICY);
  const results = await lastgood.page.evaluate(async (url) => {
    const settle = (work: () => Promise<unknown>) =>
      work().then(
        () => 'reached',
        () => 'refused',
      );
    const element = (tag: 'img' | 'script' | 'link', address: string) =>
      new Promise((resolve, reject) => {
        const made = document.createElement(tag);
        made.onload = resolve;
        made.onerror = reject;
        Object.assign(
          made,
          tag === 'link' ? { rel: 'stylesheet', href: address } : { src: address },
        );
        document.head.append(made);
      });
    const socket = () =>
      new Promise((resolve, reject) => {
        const made = new WebSocket(url.replace('http', 'ws'));
        made.onopen = resolve;
        made.onerror = reject;
      });
    return {
      fetch: await settle(() => fetch(`${url}/fetch`)),
      own: await settle(() => fetch('lastgood-app://app/index.html')),
      file: await settle(() => fetch('file:///etc/passwd')),
      image: await settle(() => element('img', `${url}/image.png`)),
      script: await settle(() => element('script', `${url}/script.js`)),
      style: await settle(() => element('link', `${url}/style.css`)),
      socket: await settle(socket),
      worker: await settle(async () => {
        const made = new Worker(URL.createObjectURL(new Blob(['1'])));
        await new Promise((resolve, reject) => {
          made.onmessage = resolve;
          made.onerror = reject;
        });
      }),
    };
  }, outside.url);
  expect(new Set(Object.values(results))).toEqual(new Set(['refused']));
  expect(outside.hits).toEqual([]);
});

test('does not follow a page that wants to go elsewhere', async ({ lastgood, outside }) => {
  lastgood.expectProblem(POLICY);
  const { page } = lastgood;
  const before = page.url();
  await page.evaluate((url) => {
    location.href = `${url}/location`;
  }, outside.url);
  await page.evaluate((url) => {
    const link = Object.assign(document.createElement('a'), { href: `${url}/link` });
    document.body.append(link);
    link.click();
    link.remove();
  }, outside.url);
  await page.evaluate((url) => {
    const form = Object.assign(document.createElement('form'), { action: `${url}/form` });
    document.body.append(form);
    form.submit();
    form.remove();
  }, outside.url);
  const blocked = async () =>
    (await readLog(lastgood.paths.appLog)).filter(({ what }) => what === 'navigation').length;
  await expect.poll(blocked).toBeGreaterThanOrEqual(2);
  expect(page.url()).toBe(before);
  expect(outside.hits).toEqual([]);
});

test('opens no second window', async ({ lastgood, outside }) => {
  const opened = await lastgood.page.evaluate((url) => {
    const made = window.open(`${url}/window`);
    const link = Object.assign(document.createElement('a'), { href: url, target: '_blank' });
    document.body.append(link);
    link.click();
    link.remove();
    return made !== null;
  }, outside.url);
  expect(opened).toBe(false);
  const blocked = async () =>
    (await readLog(lastgood.paths.appLog)).filter(({ what }) => what === 'new window').length;
  await expect.poll(blocked).toBe(2);
  expect(lastgood.app.windows()).toHaveLength(1);
  expect(outside.hits).toEqual([]);
});

test('grants the page no permission', async ({ lastgood }) => {
  const answers = await lastgood.page.evaluate(async () => {
    const names = ['geolocation', 'notifications', 'camera', 'microphone', 'clipboard-read'];
    const states = await Promise.all(
      names.map(async (name) => {
        const { state } = await navigator.permissions.query({ name: name as PermissionName });
        return state;
      }),
    );
    const media = await navigator.mediaDevices.getUserMedia({ audio: true }).then(
      () => 'granted',
      () => 'refused',
    );
    return { states, media, notification: await Notification.requestPermission() };
  });
  expect(new Set(answers.states)).toEqual(new Set(['denied']));
  expect(answers).toMatchObject({ media: 'refused', notification: 'denied' });
});

test('saves no file for the page', async ({ lastgood }) => {
  await lastgood.page.evaluate(() => {
    const link = Object.assign(document.createElement('a'), {
      href: URL.createObjectURL(new Blob(['content'])),
      download: 'saved.txt',
    });
    document.body.append(link);
    link.click();
    link.remove();
  });
  const blocked = async () =>
    (await readLog(lastgood.paths.appLog)).filter(({ what }) => what === 'download').length;
  await expect.poll(blocked).toBe(1);
});

test('refuses a request that does not fit the contract', async ({ lastgood }) => {
  const answers = await lastgood.page.evaluate(async () => {
    const request = window.lastgood.request as (name: string, input: unknown) => Promise<unknown>;
    return [
      await request('settings.write', { operator: 'Ana', theme: 'pink' }),
      await request('settings.write', { operator: 'Ana', theme: 'dark', extra: 1 }),
      await request('app.info', undefined),
    ];
  });
  for (const answer of answers) {
    expect(answer).toMatchObject({ ok: false, error: { code: 'IPC_BAD_INPUT' } });
  }
  expect(
    await lastgood.page.evaluate(() => window.lastgood.request('settings.read', null)),
  ).toMatchObject({
    ok: true,
    value: { theme: 'system' },
  });
});

test('knows no channel outside the contract', async ({ lastgood }) => {
  const answers = await lastgood.page.evaluate(async () => {
    const request = window.lastgood.request as (name: string, input: unknown) => Promise<unknown>;
    const names = ['app.quit', '', 'runs.appended', '../settings.read', 'ELECTRON_BROWSER_REQUIRE'];
    return Promise.all(
      names.map((name) =>
        request(name, null).then(
          () => 'answered',
          () => 'rejected',
        ),
      ),
    );
  });
  expect(new Set(answers)).toEqual(new Set(['rejected']));
});
