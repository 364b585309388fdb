/** Operator texts of the service's own address and log; joined and checked in error-texts.ts. */
export const serviceErrorTexts = {
  HTTP_NO_ANSWER: {
    happened: 'The address gave no complete answer.',
    untouched: 'Nothing was changed by reading it; a POST may have arrived all the same.',
    todo: 'Check that the service runs and that the address is right.',
    retryable: true,
    losesOutcome: true,
  },
  SERVICE_EXITED: {
    happened: 'The service ended instead of becoming healthy.',
    untouched: 'The kept container is as it was.',
    todo: 'Read its last lines; roll forward or choose another target.',
    retryable: true,
  },
  SERVICE_NOT_HEALTHY: {
    happened: 'The service runs but does not meet its health expectation.',
    untouched: 'The kept container is as it was.',
    todo: 'Wait and retry, or roll forward.',
    retryable: true,
  },
  SERVICE_TRIGGER_REFUSED: {
    happened: 'The service did not accept the trigger.',
    untouched: 'The trigger was sent once and is not repeated unasked.',
    todo: 'Read the answer and the log; retry or roll forward.',
    retryable: true,
  },
  SERVICE_TRIGGER_UNFINISHED: {
    happened: 'The trigger was accepted, but its completion was not seen in the log.',
    untouched: 'It was not sent a second time; the work may still finish.',
    todo: 'Look at the log; mark it as done by hand when the line comes.',
    retryable: false,
    losesOutcome: true,
  },
  SERVICE_ERRORS_FOUND: {
    happened: 'The log holds more error lines than the runbook allows.',
    untouched: 'Nothing was changed by this check.',
    todo: 'Read the lines; roll forward if they are new.',
    retryable: true,
  },
} as const;
