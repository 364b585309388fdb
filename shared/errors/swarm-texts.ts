/** Operator texts of Swarm services; joined and checked in error-texts.ts. */
export const swarmErrorTexts = {
  SWARM_NOT_MANAGER: {
    happened: 'The engine does not manage a swarm.',
    untouched: 'Nothing was changed.',
    todo: 'Give the environment a manager of the swarm as its engine, or choose another procedure.',
    retryable: false,
  },
  SWARM_SERVICE_MISSING: {
    happened: 'The swarm has no service of that name.',
    untouched: 'No other service was touched.',
    todo: 'Look at `docker service ls`; correct the runbook or do this step by hand.',
    retryable: true,
  },
  SWARM_NO_PREVIOUS: {
    happened: 'The engine keeps no specification that was there before the present one.',
    untouched: 'Nothing was changed.',
    todo: 'Put the version you want back as an update: docker service update --image IMAGE SERVICE. Or close this run.',
    retryable: false,
  },
  SWARM_CHANGED: {
    happened: 'Somebody else has changed the service meanwhile.',
    untouched:
      'Nothing was changed by this step: the engine takes a change only for the version it was made for.',
    todo: 'Look at the service and find out who works on it. If it is as you want it, settle the step by hand; else close this run and start a new one.',
    retryable: false,
  },
  SWARM_BUSY: {
    happened: 'The service is being rolled back already.',
    untouched: 'Nothing was changed: a second rollback would bring back what is being left.',
    todo: 'Wait until the engine is done, then look for the versions again.',
    retryable: true,
  },
  SWARM_PAUSED: {
    happened: 'The engine has paused: tasks of the specification it was going to failed.',
    untouched: 'The tasks it had not reached yet run as before; it does nothing more by itself.',
    todo: 'Read the tasks’ errors in the step’s log. Undo puts back the specification of before; or remove the cause, let the engine go on with `docker service update --force` and settle the step by hand (after that, undo is no longer possible).',
    retryable: false,
  },
  SWARM_NOT_SETTLED: {
    happened: 'The service’s tasks are not yet what its specification says.',
    untouched: 'The engine goes on by itself; nothing else was changed.',
    todo: 'Look at the tasks in the step’s log, then retry the waiting or undo.',
    retryable: true,
  },
  SWARM_SPEC_LOST: {
    happened: 'The engine no longer keeps the specification that was there before the rollback.',
    untouched: 'Nothing was changed: the journal holds its names and its hash, never its values.',
    todo: 'Put it back by hand from where you deploy from; the record names the image and the variables. Then say so here.',
    retryable: false,
  },
  SWARM_TASKS_FAILED: {
    happened: 'Tasks of the service failed after the rollback.',
    untouched: 'Nothing was changed by this check.',
    todo: 'Read their errors; decide whether to roll forward.',
    retryable: true,
  },
} as const;
