import process from 'node:process';
import { AppError } from '../../shared/errors/app-error.js';
import { errorTexts } from '../../shared/errors/error-texts.js';
import { APP_VERSION } from '../console/version.js';
import { parseCommandLine } from './arguments.js';
import type { Parsed } from './arguments.js';
import { cleanUp } from './clean-up.js';
import { runDrill } from './drill.js';
import { handover } from './handover.js';
import { listRuns } from './list-runs.js';
import { resumeRun } from './resume.js';
import { rollForward } from './roll-forward.js';
import type { Ended } from './run-result.js';
import { useRunbookFile } from './runbook-file.js';
import { verifyRecord } from './verify-record.js';
import { withConsole } from './with-console.js';

const noHosts = {
  watchSeconds: null,
  acceptedKeys: [],
  passwords: new Map<string, string>(),
};

/** The same engine and the same runbooks as the window, for CI and for machines without a display. Gives the exit code. */
async function main(parsed: Parsed): Promise<number> {
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
    case 'runs':
      process.stdout.write(await withConsole(noHosts, (deps) => listRuns(parsed.runs, deps)));
      return 0;
    case 'handover':
      process.stdout.write(await withConsole(noHosts, (deps) => handover(parsed.handover, deps)));
      return 0;
    case 'clean-up': {
      const { cleanUp: args } = parsed;
      const needs = { ...args, watchSeconds: null };
      process.stdout.write(await withConsole(needs, (deps) => cleanUp(args, deps)));
      return 0;
    }
    case 'record': {
      const { text, exitCode } = await verifyRecord(parsed.record);
      process.stdout.write(text);
      return exitCode;
    }
    case 'drill': {
      const { drill } = parsed;
      const ended = await withConsole(drill, async (deps) => {
        const runbookId = await useRunbookFile(deps.lastgood.runbooks, drill.runbook);
        return runDrill({ ...drill, runbookId }, deps);
      });
      return close(ended, drill.isJson);
    }
    case 'resume': {
      const { resume } = parsed;
      const ended = await withConsole(resume, (deps) => resumeRun(resume, deps));
      return close(ended, resume.isJson);
    }
    case 'roll-forward': {
      const { rollForward: args } = parsed;
      return close(
        await withConsole({ ...args, watchSeconds: null }, (deps) => rollForward(args, deps)),
        args.isJson,
      );
    }
  }
}

function close({ result, isGood }: Ended, isJson: boolean): number {
  if (isJson) {
    process.stdout.write(`${JSON.stringify(result)}\n`);
  }
  return isGood ? 0 : 1;
}

/** Codes that mean the arguments named something that is not there. */
const badInput: ReadonlySet<string> = new Set([
  'ENVIRONMENT_UNKNOWN',
  'ENVIRONMENT_NO_FAULTS',
  'PROCEDURE_NOT_OFFERED',
  'PROCEDURE_UNKNOWN',
  'RUN_NOT_FOUND',
  'RUNBOOK_NOT_FOUND',
  'RUNBOOK_INVALID',
  'STEP_NOT_IN_PLAN',
  'TARGET_UNKNOWN',
]);

main(parseCommandLine(process.argv.slice(2))).then(
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
