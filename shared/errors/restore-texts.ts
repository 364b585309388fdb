import type { ErrorText } from './error-texts.js';

/** What keeps a database from being taken back, as a step sees it before it has touched anything. */
export const restoreErrorTexts = {
  DATABASE_TABLE_MISSING: {
    happened: 'The database does not have a table that the runbook names.',
    untouched: 'Nothing was changed.',
    todo: 'Look at the name and its schema in the runbook, and at which database this is.',
    retryable: true,
  },
  DATABASE_SCHEMAS_UNNAMED: {
    happened: 'The database is a platform’s, and a step does not name the schemas it is to take.',
    untouched: 'The step was not begun: nothing was backed up, restored or changed by it.',
    todo: 'Name the application’s schemas at the database in the environment (schemas: [public]), or in the step, and start a new run.',
    retryable: false,
  },
  DATABASE_TABLES_REFERRED: {
    happened:
      'Other tables refer to the chosen ones, and rows of theirs would lose what they refer to.',
    untouched: 'Nothing was changed.',
    todo: 'Let the runbook take them along (referring: take-along), or restore everything.',
    retryable: false,
  },
  DATABASE_MIGRATION_UNFIT: {
    happened: 'A migration cannot be taken back the way it is written down.',
    untouched: 'No migration was run and nothing was changed.',
    todo: 'Put its down file in order, or restore the backup instead.',
    retryable: true,
  },
  DATABASE_SWAP_IMPOSSIBLE: {
    happened: 'The databases cannot be exchanged by renaming.',
    untouched: 'The database that serves was not touched.',
    todo: 'Restore in place instead, or give the role what it lacks and retry.',
    retryable: true,
  },
  DATABASE_IN_USE: {
    happened: 'There are still open sessions on the database.',
    untouched: 'No data was touched.',
    todo: 'Stop what connects there, then retry.',
    retryable: true,
  },
  DATABASE_COUNT_LOW: {
    happened: 'A table holds fewer rows than the runbook says it must.',
    untouched: 'Nothing was changed: it only counted.',
    todo: 'Look at the table and at the backup before you go on.',
    retryable: true,
  },
} as const satisfies Record<string, ErrorText>;
