/** Operator texts of what is done on hosts: scripts, sudo, detached work and the lock; joined and checked in error-texts.ts. */
export const jobErrorTexts = {
  HOST_SHELL_UNFIT: {
    happened: 'The host let us in, but no shell there took a script.',
    untouched: 'Nothing was run on it.',
    todo: 'Check that the account has a login shell and that sh is on its path, then retry.',
    retryable: true,
  },
  HOST_ANSWER_BROKEN: {
    happened: 'A script on the host was ended before it had said how it went.',
    untouched: 'Later steps were not started; what the script did before is not known.',
    todo: 'Look at the host before you repeat a change.',
    retryable: true,
    losesOutcome: true,
  },
  SUDO_REFUSED: {
    happened: 'sudo on the host refused.',
    untouched: 'Nothing was run as the other account.',
    todo: 'Check the password and the rules of sudo on that host; then connect again.',
    retryable: false,
  },
  SUDO_NO_PASSWORD: {
    happened: 'sudo on the host wants a password, and none was given.',
    untouched: 'Nothing was run as the other account.',
    todo: 'Retry and give the password, or do this step by hand.',
    retryable: true,
  },
  SUDO_NEEDS_TTY: {
    happened: 'sudo on the host works only from a terminal (requiretty).',
    untouched: 'Nothing was run as the other account.',
    todo: 'Do this step by hand in a terminal, or have requiretty taken out for this account.',
    retryable: false,
  },
  SUDO_NOT_ALLOWED: {
    happened: 'sudo on the host does not give this account what the step needs.',
    untouched: 'Nothing was run as the other account.',
    todo: 'Log in with an account that may, or do this step by hand.',
    retryable: false,
  },
  JOB_UNFIT: {
    happened: 'The work cannot be given to a host as it is.',
    untouched: 'Nothing was sent to the host.',
    todo: 'Correct the runbook; the message says what does not fit.',
    retryable: false,
  },
  JOB_NOT_STARTED: {
    happened: 'The host could not begin the work.',
    untouched: 'No part of it was run, and it cannot begin any more.',
    todo: 'The message gives the reason, often a full disk: remove it, then retry.',
    retryable: true,
  },
  JOB_ENDS_WITH_LOGIN: {
    happened:
      'The host ends every process of this account when its login ends (KillUserProcesses).',
    untouched: 'The work was not begun: a dropped line would have ended it halfway.',
    todo: 'On the host, run "loginctl enable-linger" for this account, then retry.',
    retryable: true,
  },
  JOB_STILL_RUNNING: {
    happened: 'The work on the host goes on although it was told to end, even by force.',
    untouched: 'Later steps were not started.',
    todo: 'Look at its processes on the host; something holds them in the kernel.',
    retryable: true,
    losesOutcome: true,
  },
  HOST_LOCKED: {
    happened: 'Another console works on this service and environment on the host.',
    untouched: 'Nothing was changed on the host.',
    todo: 'Talk to who holds the lock; break it only when that console is gone for good.',
    retryable: true,
  },
  HOST_LOCK_LOST: {
    happened: 'The lock on the host is not held by this run any more.',
    untouched: 'Nothing further was changed on the host.',
    todo: 'Find out who broke it and why before you go on: somebody else may be at work.',
    retryable: false,
  },
  HOST_LOCK_FAILED: {
    happened: 'The lock on the host could not be written or read.',
    untouched: 'Nothing was changed on the host.',
    todo: 'The message gives the reason, often a full disk or a folder of somebody else.',
    retryable: true,
  },
} as const;
