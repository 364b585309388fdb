import os from 'node:os';
import process from 'node:process';
import { createConsole } from '../console/create-console.js';
import { AppError } from '../../shared/errors/app-error.js';
import { errorTexts } from '../../shared/errors/error-texts.js';
import { openAppLog } from '../log/app-log.js';
import { redactPatterns } from '../log/redaction.js';
import { createRange } from '../range/range.js';
import { rangeEnvironments } from '../range/range-environments.js';
import { dataPaths, dataRoot, makeDataFolders } from '../storage/data-paths.js';
import { openSettings, systemUserName } from '../storage/settings.js';
import { APP_VERSION } from '../console/version.js';
import { parseCommandLine } from './arguments.js';
import type { DrillArguments } from './parse-drill.js';
import { runDrill } from './drill.js';
import { useRunbookFile } from './runbook-file.js';
import { Progress } from './progress.js';
import { verifyRecord } from './verify-record.js';

/** The same engine and the same runbooks as the window, for drills in CI and on machines without a display. */
async function main(): Promise<number> {
  const parsed = parseCommandLine(process.argv.slice(2));
  switch (parsed.type) {
    case 'help':
      process.stdout.write(parsed.text);
      return 0;
    case 'version':
      process.stdout.write(`${APP_VERSION}\n`);
      return 0;
    case 'bad':
      process.stderr.write(`${parsed.message}\n`);
      return 2;
    case 'record': {
      const { text, exitCode } = await verifyRecord(parsed.record);
      process.stdout.write(text);
      return exitCode;
    }
    case 'drill':
      return drill(parsed.drill);
  }
}

async function drill(args: DrillArguments): Promise<number> {
  const { env, platform } = process;
  const paths = dataPaths(dataRoot({ env, platform, home: os.homedir(), cwd: process.cwd() }));
  makeDataFolders(paths);
  const log = openAppLog({ file: paths.appLog, redact: redactPatterns, now: () => new Date() });
  const settings = await openSettings({
    file: paths.settings,
    userName: systemUserName(),
    now: () => new Date(),
  });
  const range = createRange({ folder: paths.range });
  const progress = new Progress((line) => process.stderr.write(`${line}\n`));
  const lastgood = await createConsole({
    paths,
    log,
    appVersion: APP_VERSION,
    operator: () => settings.read().operator,
    events: progress.events,
    extraEnvironments: [rangeEnvironments(range)],
    watchSeconds: args.watchSeconds,
  });
  try {
    const runbookId = await useRunbookFile(lastgood.runbooks, args.runbook);
    const { result, isGood } = await runDrill({ ...args, runbookId }, { lastgood, progress });
    if (args.isJson) {
      process.stdout.write(`${JSON.stringify(result)}\n`);
    }
    return isGood ? 0 : 1;
  } finally {
    await lastgood.runs.dispose();
    await range.close();
  }
}

/** Codes that mean the arguments named something that is not there. */
const badInput: ReadonlySet<string> = new Set([
  'ENVIRONMENT_UNKNOWN',
  'ENVIRONMENT_NO_FAULTS',
  'PROCEDURE_UNKNOWN',
  'RUNBOOK_NOT_FOUND',
  'RUNBOOK_INVALID',
  'TARGET_UNKNOWN',
]);

main().then(
  (code) => {
    process.exitCode = code;
  },
  (thrown: unknown) => {
    if (thrown instanceof AppError) {
      const { untouched, todo } = errorTexts[thrown.code];
      process.stderr.write(`${thrown.message}\n${untouched} ${todo}\n`);
      process.exitCode = badInput.has(thrown.code) ? 2 : 1;
      return;
    }
    process.stderr.write(
      `${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}\n`,
    );
    process.exitCode = 1;
  },
);
