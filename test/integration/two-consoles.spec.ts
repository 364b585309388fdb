import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { RunFiles } from '../../main/runs/run-files.js';
import { dataPaths } from '../../main/storage/data-paths.js';
import type { ErrorJson } from '../../shared/errors/app-error.js';
import { RunId } from '../../shared/run/events.js';
import { runbook } from '../fakes/sample-run.js';

type Answer = { readonly runId?: string; readonly error?: ErrorJson; readonly pid?: number };

/** Inside the checkout, so that the packages it imports are found. */
const program = path.resolve('test-results', `run-contender-${String(process.pid)}`);
const rounds = Array.from({ length: 5 }, (_, index) => `place-${String(index)}`);
const environment = { ...runbook.environments[1]!, url: 'http://127.0.0.1:1' };
const environments = [environment, ...rounds.map((name) => ({ ...environment, name }))];

let folder = '';
let consoles: Contender[] = [];

beforeAll(async () => {
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: path.resolve(import.meta.dirname, 'run-contender.ts'),
      outDir: program,
      rolldownOptions: { output: { entryFileNames: 'contender.mjs' } },
    },
  });
});

afterAll(async () => {
  await rm(program, { recursive: true, force: true });
});

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'lastgood-two-'));
  await writeFile(path.join(folder, 'runbook.json'), JSON.stringify({ ...runbook, environments }));
});

afterEach(async () => {
  await Promise.all(consoles.map((each) => each.kill()));
  consoles = [];
  await rm(folder, { recursive: true, force: true });
});

class Contender {
  readonly #child: ChildProcess;
  readonly #answers: Answer[] = [];
  #wake: () => void = () => undefined;

  constructor() {
    const args = [path.join(program, 'contender.mjs'), folder, path.join(folder, 'runbook.json')];
    this.#child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    createInterface({ input: this.#child.stdout! }).on('line', (line) => {
      this.#answers.push(JSON.parse(line) as Answer);
      this.#wake();
    });
  }

  static async begin(): Promise<Contender> {
    const contender = new Contender();
    consoles.push(contender);
    await contender.answer();
    return contender;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async answer(): Promise<Answer> {
    for (;;) {
      const answer = this.#answers.shift();
      if (answer !== undefined) {
        return answer;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  ask(order: object): Promise<Answer> {
    this.#child.stdin?.write(`${JSON.stringify(order)}\n`);
    return this.answer();
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.kill('SIGKILL');
      await once(this.#child, 'exit');
    }
  }
}

const isStarted = ({ runId }: Answer): boolean => runId !== undefined;

test('starts one run of several that are asked for at the same instant, and names it to the others', async () => {
  const contenders = await Promise.all([1, 2, 3].map(() => Contender.begin()));
  for (const name of rounds) {
    const answers = await Promise.all(
      contenders.map((each) => each.ask({ type: 'start', environment: name })),
    );
    const [started, ...more] = answers.filter(isStarted);
    expect(more).toEqual([]);
    for (const { error } of answers.filter((answer) => !isStarted(answer))) {
      expect(error).toMatchObject({ code: 'RUN_ALREADY_OPEN' });
      expect(error?.message).toContain(started?.runId);
    }
  }
});

test('shows a run that another console drives, with its owner, and does not take it up', async () => {
  const [first, second] = [await Contender.begin(), await Contender.begin()];
  const { runId } = await first.ask({ type: 'start', environment: environment.name });
  const { error } = await second.ask({ type: 'resume', runId });
  expect(error?.code).toBe('RUN_LOCKED');
  expect(error?.message).toContain(`process ${String(first.pid)} of`);
  const files = new RunFiles(dataPaths(folder));
  expect((await files.read(RunId.parse(runId))).problem).toBeNull();
  expect(await files.ownerOf(RunId.parse(runId))).toMatchObject({ pid: first.pid });
});

test('gives a run whose console was killed to exactly one of those that take it up, and says so in it', async () => {
  const first = await Contender.begin();
  const { runId } = await first.ask({ type: 'start', environment: environment.name });
  const others = await Promise.all([1, 2, 3].map(() => Contender.begin()));
  await first.kill();
  const answers = await Promise.all(others.map((each) => each.ask({ type: 'resume', runId })));
  expect(answers.filter(isStarted)).toHaveLength(1);
  expect(answers.flatMap(({ error }) => error?.code ?? [])).toEqual(['RUN_LOCKED', 'RUN_LOCKED']);
  const { records, problem } = await new RunFiles(dataPaths(folder)).read(RunId.parse(runId));
  expect(problem).toBeNull();
  expect(records.filter(({ event }) => event.type === 'run.resumed')).toHaveLength(1);
  const said = records.flatMap(({ event }) => (event.type === 'note.added' ? [event.text] : []));
  expect(said).toEqual([expect.stringContaining(`process ${String(first.pid)} of`)]);
});
