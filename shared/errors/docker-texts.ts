/** Operator texts of the Docker connection and its steps; joined and checked in error-texts.ts. */
export const dockerErrorTexts = {
  DOCKER_UNREACHABLE: {
    happened: 'The container engine did not answer.',
    untouched:
      'Nothing was asked of it, or its answer never came: look before you repeat a change.',
    todo: 'Check that the engine runs and that this user may reach it, then retry.',
    retryable: true,
    losesOutcome: true,
  },
  CLEAN_UP_INCOMPLETE: {
    happened: 'The clean-up ended before everything that was chosen had been removed.',
    untouched:
      'What was removed is gone and stands in the journal; what was not begun is as it was, and what serves was not touched.',
    todo: 'Look again what the run has left. Mend what kept the rest from being removed, then choose the rest again.',
    retryable: false,
  },
  DOCKER_WAY_UNUSABLE: {
    happened: 'The way to the container engine cannot be used as it is written.',
    untouched: 'Nothing was connected to.',
    todo: 'Correct the engine in the runbook, or the Docker context or certificate file it names.',
    retryable: true,
  },
  DOCKER_CERTIFICATE_REFUSED: {
    happened: 'The console and the engine do not accept each other’s certificates.',
    untouched: 'Nothing was asked of the engine.',
    todo: 'Check the name in the address, the certificate authority and both certificates’ dates; never go on unverified.',
    retryable: true,
  },
  DOCKER_TOO_OLD: {
    happened: 'The container engine is older than Lastgood can work with.',
    untouched: 'Nothing was done.',
    todo: 'Update the engine, or go on by hand from the exported plan.',
    retryable: false,
  },
  DOCKER_TOO_NEW: {
    happened: 'The container engine no longer speaks the interface that Lastgood knows.',
    untouched: 'Nothing was done.',
    todo: 'Update Lastgood, or go on by hand from the exported plan.',
    retryable: false,
  },
  DOCKER_ANSWER_UNREADABLE: {
    happened: 'The engine gave an answer that Lastgood cannot read.',
    untouched: 'Nothing further was done.',
    todo: 'Check what answers at this socket; go on by hand if it is the right engine.',
    retryable: false,
    losesOutcome: true,
  },
  DOCKER_REFUSED: {
    happened: 'The container engine refused.',
    untouched: 'What was asked has not been done.',
    todo: 'The message gives its own words: remove the cause, then retry.',
    retryable: true,
  },
  DOCKER_IMAGE_MISSING: {
    happened: 'The image is not on the engine.',
    untouched: 'No container was created or stopped for it.',
    todo: 'Load or pull the image, or choose another target.',
    retryable: true,
  },
  DOCKER_IMAGE_CHANGED: {
    happened: 'The name now points to another image than the one chosen.',
    untouched: 'No container was created or stopped.',
    todo: 'Choose the target again, so that the one you mean is pinned.',
    retryable: false,
  },
  DOCKER_CONTAINER_MISSING: {
    happened: 'There is no such container on the engine.',
    untouched: 'No other container was touched.',
    todo: 'Look at the list of containers; correct the runbook or do this step by hand.',
    retryable: true,
  },
  DOCKER_NAME_TAKEN: {
    happened: 'Another container already has that name.',
    untouched: 'That container was not touched and none was created or renamed.',
    todo: 'Rename or remove it if nobody needs it, then retry.',
    retryable: true,
  },
  DOCKER_PORT_TAKEN: {
    happened: 'A published port is in use by something else.',
    untouched: 'The container was not started; the others are as they were.',
    todo: 'Free the port and retry, or roll forward.',
    retryable: true,
  },
  DOCKER_PULL_FAILED: {
    happened: 'The image could not be loaded from its registry.',
    untouched: 'No container was created or stopped; the service runs as before.',
    todo: 'The message gives the engine’s own words. Check the name, the network and your login, then retry.',
    retryable: true,
  },
  DOCKER_DIGEST_DIFFERS: {
    happened: 'What was loaded is not what was chosen.',
    untouched: 'No container was created or stopped; the service runs as before.',
    todo: 'Choose the target again: the name stands for something else in the registry now.',
    retryable: false,
  },
  DOCKER_LOGIN_UNREADABLE: {
    happened: 'Your Docker configuration names a login for this registry that cannot be read.',
    untouched: 'The registry was not asked; nothing was loaded.',
    todo: 'Log in again with “docker login”, or repair the credential helper it names, then retry.',
    retryable: true,
  },
  DOCKER_AUTO_REMOVE: {
    happened: 'The container removes itself when it stops.',
    untouched: 'It was not stopped; nothing was created.',
    todo: 'Start it again without --rm first, or roll back by hand.',
    retryable: false,
  },
  DOCKER_STILL_RUNNING: {
    happened: 'The container is still running after it was told to stop.',
    untouched: 'It was not renamed or removed.',
    todo: 'Retry, or end it by hand and say so.',
    retryable: true,
  },
  DOCKER_NOT_RUNNING: {
    happened: 'The container is not running.',
    untouched: 'The other containers are as they were.',
    todo: 'Read its log, then retry or roll forward.',
    retryable: true,
  },
  DOCKER_NOT_AS_WANTED: {
    happened: 'The engine took the request, but what was found afterwards is not what was wanted.',
    untouched: 'Later steps were not started.',
    todo: 'Look at the container, then retry, undo or settle it by hand.',
    retryable: true,
  },
  DOCKER_SETTINGS_DIFFER: {
    happened: 'The new container is not set up like the kept one.',
    untouched: 'Nothing was changed by this check.',
    todo: 'Decide whether the named differences matter; if so, roll forward.',
    retryable: true,
  },
} as const;
