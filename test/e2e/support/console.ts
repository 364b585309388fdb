import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test as base, expect } from '@playwright/test';
import type { ElectronApplication, Page } from '@playwright/test';
import { dataPaths } from '../../../main/storage/data-paths.js';
import type { DataPaths } from '../../../main/storage/data-paths.js';
import { killHard, launch } from './launch.js';

export { expect };

/** The real console in its real window, on a data folder of its own. */
export class LaunchedConsole {
  readonly home: string;
  readonly paths: DataPaths;
  #app: ElectronApplication | null = null;
  #page: Page | null = null;
  #problems: string[] = [];
  readonly #expected: RegExp[] = [];

  constructor(home: string) {
    this.home = home;
    this.paths = dataPaths(home);
  }

  get app(): ElectronApplication {
    return present(this.#app);
  }

  get page(): Page {
    return present(this.#page);
  }

  async start(extra: Readonly<Record<string, string>> = {}): Promise<void> {
    const app = await launch(this.home, extra);
    this.#app = app;
    app.context().on('console', (message) => {
      if (message.type() === 'error') {
        this.#problems.push(`console: ${message.text()}`);
      }
    });
    app.context().on('weberror', (error) => {
      this.#problems.push(`page: ${error.error().stack ?? error.error().message}`);
    });
    this.#page = await app.firstWindow();
    this.#page.on('crash', () => {
      this.#problems.push('page: the process of the page ended');
    });
    await this.#page.waitForLoadState('load');
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    const app = this.app;
    this.#app = null;
    await killHard(app);
  }

  /** The same, and starts it again on the same data folder. */
  async killAndRestart(): Promise<void> {
    await this.kill();
    await this.start();
  }

  /** Quits as the operator does, through the window's close button. */
  async quit(): Promise<void> {
    const ended = new Promise((resolve) => this.app.process().once('exit', resolve));
    await this.app.evaluate(({ BrowserWindow }) => {
      // Later, because this call must be answered before the process is gone.
      setTimeout(() => {
        for (const window of BrowserWindow.getAllWindows()) {
          window.close();
        }
      }, 0);
    });
    await ended;
  }

  async dispose(): Promise<void> {
    if (this.#app !== null) {
      await killHard(this.#app);
    }
  }

  /** For a test that breaks a rule on purpose: what matches does not fail it. */
  expectProblem(pattern: RegExp): void {
    this.#expected.push(pattern);
  }

  /** What the page and the process complained about and no test asked for. */
  async problems(): Promise<string[]> {
    const faults = (await readLog(this.paths.appLog))
      .filter(({ level, message }) => level === 'error' && /^(Uncaught|Unhandled)/.test(message))
      .map((entry) => `app log: ${JSON.stringify(entry)}`);
    return [...this.#problems, ...faults].filter(
      (problem) => !this.#expected.some((pattern) => pattern.test(problem)),
    );
  }
}

export type AppLogEntry = Readonly<Record<string, unknown>> & {
  readonly level: string;
  readonly message: string;
};

export async function readLog(file: string): Promise<AppLogEntry[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as AppLogEntry);
}

function present<T>(value: T | null): T {
  if (value === null) {
    throw new Error('The console was not started.');
  }
  return value;
}

/** `lastgood` is the console, started and ended for each test; any problem it did not ask for fails the test. */
export const test = base.extend<{
  home: string;
  variables: Readonly<Record<string, string>>;
  lastgood: LaunchedConsole;
}>({
  home: async ({}, use) => {
    const home = await mkdtemp(path.join(tmpdir(), 'lastgood-e2e-'));
    await use(home);
    await rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  },
  /** Of the environment it is started in, beside the usual ones. */
  variables: async ({}, use) => {
    await use({});
  },
  lastgood: async ({ home, variables }, use) => {
    const lastgood = new LaunchedConsole(home);
    try {
      await lastgood.start(variables);
      await use(lastgood);
      expect(await lastgood.problems()).toEqual([]);
    } finally {
      await lastgood.dispose();
    }
  },
});
