/** Operator texts of the practice range; joined and checked in error-texts.ts. */
export const rangeErrorTexts = {
  RANGE_PORT_TAKEN: {
    happened: 'The port of the practice service is in use by another program.',
    untouched: 'The practice range was not opened; its state on disk is as it was.',
    todo: 'End the other program and try again, or start a fresh drill.',
    retryable: true,
  },
  RANGE_IN_USE: {
    happened: 'Another running Lastgood already holds this practice range.',
    untouched: 'The practice range was not opened and nothing in it was changed.',
    todo: 'Go on in the other window, or close it and try again.',
    retryable: true,
  },
  RANGE_FOLDER_UNSAFE: {
    happened: 'The folder for the socket of the practice range cannot be used safely.',
    untouched: 'The practice range was not opened.',
    todo: 'Remove the folder named in the message, then try again.',
    retryable: true,
  },
  RANGE_STATE_BROKEN: {
    happened: 'The saved state of the practice range cannot be read.',
    untouched: 'The file was left as it is; nothing real is concerned.',
    todo: 'Start a fresh drill, which lays the range anew.',
    retryable: false,
  },
  RANGE_WRITE_FAILED: {
    happened: 'The state of the practice range could not be saved.',
    untouched: 'Nothing real is concerned; the range would be older after a restart.',
    todo: 'Make room on the disk or make the data folder writable.',
    retryable: true,
  },
  RANGE_RUNBOOK_UNFIT: {
    happened: 'The practice range cannot play this runbook.',
    untouched: 'The practice range was not opened; real environments are not concerned.',
    todo: 'Correct what the message names, or use another environment.',
    retryable: false,
  },
} as const;
