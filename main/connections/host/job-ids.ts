import { AppError } from '../../../shared/errors/app-error.js';
import type { HostJob, JobId } from '../host-types.js';

/** Become names of folders and of units on the host. */
const runIdPattern = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/u;
const jobNamePattern = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/u;
const maxPartNameCharacters = 200;

export function checkRunId(runId: string): void {
  if (!runIdPattern.test(runId)) {
    throw unfit('the name of the run has other characters than letters, digits and dashes');
  }
}

export function checkJobId({ runId, name }: JobId): void {
  checkRunId(runId);
  if (!jobNamePattern.test(name)) {
    throw unfit('its name has other characters than letters, digits and dashes');
  }
}

export function checkJob(job: HostJob): void {
  checkJobId(job.id);
  checkSecrets(job);
  if (job.parts.length === 0) {
    throw unfit('it has no parts');
  }
  for (const { name, script } of job.parts) {
    if (name === '' || name.length > maxPartNameCharacters || !name.isWellFormed()) {
      throw unfit('a part of it has no usable name');
    }
    if (script.includes('\0')) {
      throw unfit(`its part ${name} holds a null character`);
    }
  }
}

const secretVariable = /^[A-Z][A-Z0-9_]{0,63}$/u;

function checkSecrets({ secrets = [] }: HostJob): void {
  for (const { variable, content } of secrets) {
    if (!secretVariable.test(variable) || content.includes('\0')) {
      throw unfit('one of its secrets cannot be a file named by a variable');
    }
  }
}

const unfit = (why: string): AppError =>
  new AppError('JOB_UNFIT', `This work cannot be given to a host: ${why}.`);
