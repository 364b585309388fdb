import { connectionErrorTexts } from './connection-texts.js';
import { databaseErrorTexts } from './database-texts.js';
import { dockerErrorTexts } from './docker-texts.js';
import { handoverErrorTexts } from './handover-texts.js';
import { hostErrorTexts } from './host-texts.js';
import { jobErrorTexts } from './job-texts.js';
import { rangeErrorTexts } from './range-texts.js';
import { restoreErrorTexts } from './restore-texts.js';
import { serviceErrorTexts } from './service-texts.js';
import { swarmErrorTexts } from './swarm-texts.js';
import { vaultErrorTexts } from './vault-texts.js';
import { workErrorTexts } from './work-texts.js';

/** What the operator reads for a code: what happened, what did not happen, what to do. */
export type ErrorText = {
  readonly happened: string;
  readonly untouched: string;
  readonly todo: string;
  /** Whether doing the same again may succeed without anything else being changed first. */
  readonly retryable: boolean;
  /** True where the other side may or may not have acted: the outcome is unknown until somebody looks. */
  readonly losesOutcome?: boolean;
};

/** A code without a text does not compile; the page and the command line show these beside the message. */
export const errorTexts = {
  INTERNAL: {
    happened: 'Lastgood met a fault of its own.',
    untouched: 'The journal holds everything up to this point.',
    todo: 'Look at the target before you go on; the details are in the app log.',
    retryable: false,
    losesOutcome: true,
  },
  IPC_FORBIDDEN: {
    happened: 'A request came from a frame that is not this window.',
    untouched: 'Nothing was done.',
    todo: 'Restart Lastgood; if it comes back, report it.',
    retryable: false,
  },
  IPC_BAD_INPUT: {
    happened: 'The page sent a request that does not fit the contract.',
    untouched: 'Nothing was done.',
    todo: 'Check what was typed; if it looks right, report this.',
    retryable: false,
  },
  RUN_COMMAND_REFUSED: {
    happened: 'That is not possible in the state the run is in.',
    untouched: 'Nothing was recorded and nothing was done.',
    todo: 'Choose one of the moves on offer.',
    retryable: false,
  },
  RUN_NOT_FOUND: {
    happened: 'There is no run of that name in the data folder.',
    untouched: 'Nothing was done.',
    todo: 'Pick a run from the list on the home screen.',
    retryable: false,
  },
  RUN_ALREADY_OPEN: {
    happened: 'A run for this service and environment is still open.',
    untouched: 'No second run was started.',
    todo: 'Continue the open run or close it first.',
    retryable: false,
  },
  DATA_WRITE_FAILED: {
    happened: 'A file in the data folder could not be written.',
    untouched: 'The file still holds what it held before; no run was touched.',
    todo: 'Make room on the disk or make the data folder writable, then retry.',
    retryable: true,
  },
  RUN_NOT_ATTACHED: {
    happened: 'This console does not drive that run.',
    untouched: 'Nothing was done: a run that was left behind is only read.',
    todo: 'Continue the run first.',
    retryable: false,
  },
  RUN_KIND_REFUSED: {
    happened: 'An incident cannot be run on a practice environment.',
    untouched: 'No run was started.',
    todo: 'Start a drill there, or choose a real environment.',
    retryable: false,
  },
  PROCEDURE_UNKNOWN: {
    happened: 'The runbook has no procedure of that name.',
    untouched: 'No run was started.',
    todo: 'Choose one of the procedures the runbook names.',
    retryable: false,
  },
  TARGET_UNKNOWN: {
    happened: 'The chosen version is not among those that were found.',
    untouched: 'Nothing was recorded.',
    todo: 'Look for the versions again and choose one.',
    retryable: true,
  },
  ENVIRONMENT_NO_FAULTS: {
    happened: 'Faults can be injected into a practice environment only.',
    untouched: 'No run was started.',
    todo: 'Start without faults.',
    retryable: false,
  },
  JOURNAL_WRITE_FAILED: {
    happened: 'The journal could not be written.',
    untouched: 'The next step was not started: nothing is touched that is not on disk first.',
    todo: 'Make room on the disk or make the data folder writable, then retry.',
    retryable: true,
  },
  LOG_NOT_KEPT: {
    happened: 'This computer’s disk does not hold all of the log that was to be kept.',
    untouched: 'Nothing was changed on the other side: its log is still there.',
    todo: 'Make room on this computer and retry. Where the rollback cannot wait, skip the step with a reason: the log may then be lost.',
    retryable: true,
  },
  JOURNAL_BROKEN: {
    happened: 'The journal of this run does not hold together.',
    untouched: 'Nothing was changed in the file.',
    todo: 'Read it, do not continue it; go on by hand from the exported plan.',
    retryable: false,
  },
  JOURNAL_FOREIGN: {
    happened: 'This file is not the journal it should be.',
    untouched: 'Nothing was changed in the file.',
    todo: 'Check where the file came from; it cannot be continued here.',
    retryable: false,
  },
  RUN_LOCKED: {
    happened: 'Another process drives this run.',
    untouched: 'Nothing was done: here it is only read.',
    todo: 'Go on where it is open, or close it there first.',
    retryable: true,
  },
  JOURNAL_TOO_NEW: {
    happened: 'This journal was written by a newer version of Lastgood.',
    untouched: 'Nothing was changed in the file.',
    todo: 'Open it with that version.',
    retryable: false,
  },
  STEP_STOPPED: {
    happened: 'The step was stopped by the operator while it ran.',
    untouched: 'Later steps were not started.',
    todo: 'Look at the target, then say what is true.',
    retryable: true,
    losesOutcome: true,
  },
  STEP_UNDO_UNKNOWN: {
    happened: 'The console ended while a step was being taken back.',
    untouched: 'Nothing has been done since.',
    todo: 'Retry taking it back: that is safe to repeat.',
    retryable: true,
  },
  STEP_DONE_BY_HAND: {
    happened: 'This step was done by hand, so the console has nothing on record to restore.',
    untouched: 'Nothing was changed.',
    todo: 'Take it back by hand, then say so here.',
    retryable: false,
  },
  STEP_IRREVERSIBLE: {
    happened: 'This step cannot be taken back.',
    untouched: 'Nothing was changed.',
    todo: 'Undo it by hand or pass it by with a reason.',
    retryable: false,
  },
  STEP_NOT_IN_PLAN: {
    happened: 'The plan of the run has no such step.',
    untouched: 'Nothing was recorded and nothing was done.',
    todo: 'Use the id of a step in the plan.',
    retryable: false,
  },
  STEP_KIND_UNKNOWN: {
    happened: 'The plan names a kind of step that this version does not know.',
    untouched: 'Nothing was done.',
    todo: 'Correct the runbook or update Lastgood.',
    retryable: false,
  },
  STEP_PARAMS_INVALID: {
    happened: 'The parameters of a step do not fit its kind.',
    untouched: 'Nothing was done.',
    todo: 'Correct the runbook; the message names the field.',
    retryable: false,
  },
  ENVIRONMENT_UNKNOWN: {
    happened: 'The runbook has no environment of that name.',
    untouched: 'Nothing was done.',
    todo: 'Choose one of the environments the runbook names.',
    retryable: false,
  },
  ...connectionErrorTexts,
  ...databaseErrorTexts,
  ...dockerErrorTexts,
  ...handoverErrorTexts,
  ...hostErrorTexts,
  ...jobErrorTexts,
  ...rangeErrorTexts,
  ...restoreErrorTexts,
  ...serviceErrorTexts,
  ...swarmErrorTexts,
  ...vaultErrorTexts,
  ...workErrorTexts,
  RUNBOOK_VARIABLE_UNKNOWN: {
    happened: 'The runbook uses a variable that has no value here.',
    untouched: 'Nothing was done.',
    todo: 'Correct the runbook or give the environment that variable; the message names it.',
    retryable: false,
  },
  PLAN_TOO_LONG: {
    happened: 'The plan would have more steps than a run can hold.',
    untouched: 'Nothing was ordered and nothing was done.',
    todo: 'Take fewer steps for each container, or take the service back in parts by a narrower label.',
    retryable: false,
  },
  RUNBOOK_INVALID: {
    happened: 'The runbook does not hold together.',
    untouched: 'No run was started from it.',
    todo: 'Correct the file at the line and column that the message names.',
    retryable: false,
  },
  RUNBOOK_NOT_FOUND: {
    happened: 'There is no runbook of that name.',
    untouched: 'Nothing was done.',
    todo: 'Choose one of the runbooks on the home screen, or put its file into the runbooks folder.',
    retryable: false,
  },
} as const satisfies Record<string, ErrorText>;

export type ErrorCode = keyof typeof errorTexts;

export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorTexts, code);
}

/** Whether a change that ended in this failure may still have happened on the other side. */
export function losesOutcome(code: string): boolean {
  const text: ErrorText = isErrorCode(code) ? errorTexts[code] : errorTexts.INTERNAL;
  return text.losesOutcome === true;
}
