import type { ErrorText } from './error-texts.js';

/** What can go wrong with detached work on a host, as a step sees it. */
export const workErrorTexts = {
  STEP_SCRIPT_FAILED: {
    happened: 'The commands of the step ended with an error on the host.',
    untouched: 'Later steps were not begun.',
    todo: 'Read what they said, then retry, take the step back, or settle it by hand.',
    retryable: true,
  },
  RELEASE_INCOMPLETE: {
    happened: 'The release that is to be started is not whole on the host.',
    untouched: 'Nothing was stopped and nothing was changed.',
    todo: 'Choose another version, or put what is missing there and retry.',
    retryable: true,
  },
  SERVICE_WRONG_RELEASE: {
    happened: 'The service runs, but not from the folder of the target.',
    untouched: 'It was left running.',
    todo: 'Look at the unit: it may name a folder of its own instead of the link.',
    retryable: true,
  },
  STEP_WORK_LOST: {
    happened:
      'The work on the host ended without saying how: the host went down or somebody ended it.',
    untouched: 'Later steps were not begun.',
    todo: 'Look at the host, then say what is true.',
    retryable: true,
    losesOutcome: true,
  },
  GIT_TREE_CHANGED: {
    happened: 'Tracked files of the checkout were changed on the host.',
    untouched: 'Nothing was stopped or checked out.',
    todo: 'Find out who changed them; commit them, take them back, or let the runbook put them aside.',
    retryable: true,
  },
} as const satisfies Record<string, ErrorText>;
