/**
 * `npm run test:mutation`: breaks one safety rule at a time in a copy of the sources and runs the engine's unit and
 * property tests, which must fail each time. Prints which tests found it out; exit code 1 when a broken rule passes.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChild } from './lib/child.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { inCheckout } from './lib/places.mjs';
import { ensureUsableRuntime } from './lib/runtime-ready.mjs';
import { safetyMutations } from './lib/safety-mutations.mjs';
import { inWords } from './lib/tally.mjs';
import { runMain, say, Stop } from './lib/terminal.mjs';

/** The folders that hold no test of these are there for the compiler's settings alone. */
const sources = [
  ...['main', 'preload', 'renderer', 'shared', 'test', 'package.json', 'vitest.config.ts'],
  ...['tsconfig.json', 'tsconfig.base.json', 'tsconfig.tooling.json'],
];
/** Run apart: where a broken rule makes one of them go on for ever, the other can still say what is wrong. */
const specGroups = [
  [
    ...[
      'main/engine/run-engine.spec',
      'main/engine/snapshots',
      'main/engine/write-before-act',
      'main/engine/together',
    ],
    ...['main/engine/looks.spec', 'main/engine/left-work', 'main/steps/host/scripted-runner'],
    'renderer/ui/step/loss-in-approval',
  ],
  ['main/engine/run-engine.property'],
];
const TIMEOUT_MS = 60_000;
/** `npm run test:mutation -- WORD` breaks only the rules whose file holds the word. */
const word = process.argv[2] ?? '';
const chosen = safetyMutations.filter(({ file }) => file.includes(word));
const ENDLESS = '(the tests go on for ever)';

await runMain(async () => {
  await ensureInstalled();
  const runtime = await ensureUsableRuntime();
  const copy = makeCopy();
  try {
    await mustPassUnbroken(runtime, copy);
    const found = [];
    for (const mutation of chosen) {
      found.push({ mutation, by: await whoFinds(runtime, copy, mutation) });
    }
    console.log(`\n${table(found)}\n`);
    const survived = found.filter(({ by }) => by.length === 0).length;
    console.log(inWords({ passed: found.length - survived, failed: survived, skipped: 0 }));
    return survived === 0 ? 0 : 1;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
});

function makeCopy() {
  const copy = mkdtempSync(join(tmpdir(), 'lastgood-mutation-'));
  for (const source of sources) {
    cpSync(inCheckout(source), join(copy, source), { recursive: true });
  }
  symlinkSync(inCheckout('node_modules'), join(copy, 'node_modules'), 'dir');
  return copy;
}

/** @param {string} runtime @param {string} copy */
async function mustPassUnbroken(runtime, copy) {
  const own = new Set(chosen.flatMap(({ specs = [] }) => specs));
  const isEngine = chosen.some(({ specs }) => specs === undefined);
  const groups = [...(isEngine ? specGroups : []), ...(own.size === 0 ? [] : [[...own]])];
  const failures = await runAllSpecs(runtime, copy, groups);
  if (failures.length > 0) {
    throw new Stop(`The tests fail before anything is broken: ${failures.join('; ')}`);
  }
}

/**
 * @param {string} runtime
 * @param {string} copy
 * @param {import('./lib/safety-mutations.mjs').Mutation} mutation
 * @returns {Promise<string[]>} the tests that failed
 */
async function whoFinds(runtime, copy, { name, file, from, to, specs }) {
  const path = join(copy, file);
  const whole = readFileSync(path, 'utf8');
  if (whole.split(from).length !== 2) {
    throw new Stop(
      `“${name}” does not fit ${file} any more: bring scripts/lib/safety-mutations.mjs along.`,
    );
  }
  writeFileSync(
    path,
    whole.replace(from, () => to),
  );
  try {
    const groups = specs === undefined ? specGroups : [specs];
    const failures = await runAllSpecs(runtime, copy, groups);
    say(`${failures.length === 0 ? 'SURVIVED' : `found by ${failures.length}`}: ${name}`);
    return failures;
  } finally {
    writeFileSync(path, whole);
  }
}

/**
 * @param {string} runtime
 * @param {string} copy
 * @param {readonly (readonly string[])[]} groups
 * @returns {Promise<string[]>} the titles of the tests that failed
 */
async function runAllSpecs(runtime, copy, groups) {
  const failures = [];
  for (const specs of groups) {
    failures.push(...(await runSpecs(runtime, copy, specs)));
  }
  return failures;
}

/** @param {string} runtime @param {string} copy @param {readonly string[]} specs @returns {Promise<string[]>} */
async function runSpecs(runtime, copy, specs) {
  const report = join(copy, 'report.json');
  rmSync(report, { force: true });
  const startedAt = Date.now();
  const { exitCode } = await runChild(
    runtime,
    [
      inCheckout('node_modules/vitest/vitest.mjs'),
      ...['run', '--project=unit', '--reporter=json', `--outputFile.json=${report}`],
      ...specs.map((spec) => `test/unit/${spec}`),
    ],
    {
      cwd: copy,
      stdout: 'capture',
      timeoutMs: TIMEOUT_MS,
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    },
  );
  const failures = failuresIn(report);
  if (exitCode === 0 || failures.length > 0) {
    return failures;
  }
  if (Date.now() - startedAt < TIMEOUT_MS) {
    throw new Stop('The tests ended badly without naming one; what they said stands above.');
  }
  return [ENDLESS];
}

/** @param {string} report @returns {string[]} */
function failuresIn(report) {
  try {
    const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
    return testResults.flatMap((/** @type {any} */ file) =>
      file.assertionResults
        .filter((/** @type {any} */ test) => test.status === 'failed')
        .map((/** @type {any} */ test) => test.title),
    );
  } catch {
    return [];
  }
}

/** @param {readonly { mutation: import('./lib/safety-mutations.mjs').Mutation, by: readonly string[] }[]} found */
function table(found) {
  return [
    '| broken rule | found by |',
    '| --- | --- |',
    ...found.map(({ mutation: { name, file }, by }) => {
      const tests = by.length === 0 ? '**survived**' : by.map((title) => `“${title}”`).join('; ');
      return `| ${name} (\`${file}\`) | ${tests} |`;
    }),
  ].join('\n');
}
