import { describe, expect, it } from 'vitest';
import { placeOf } from '../../../../main/runs/target-search.js';
import { checkSource, targetTexts } from '../../../../shared/runbook/place-checks.js';
import { PostgresMigrations } from '../../../../shared/runbook/targets-schema.js';
import { hostText, soundRunbook } from '../runbooks/runbook-files.js';

const runbook = soundRunbook(hostText);
const source = {
  kind: 'postgres.migrations',
  database: 'main',
  folder: '/srv/migrations',
  history: 'public.goose_db_version',
  service: { kind: 'docker', engine: 'docker', container: 'web' },
};
const procedureOf = (more: object) =>
  ({
    ...runbook.procedures[1]!,
    targets: PostgresMigrations.parse({ ...source, ...more }),
  }) as const;
const historyOf = (more: object): unknown => {
  const [environment] = runbook.environments;
  const place = placeOf({ runbook, environment, procedure: procedureOf(more) } as never);
  return 'history' in place ? place.history : null;
};

describe('The history of migrations that a target source names', () => {
  it('has its versions in the column version unless another one is named', () => {
    expect(historyOf({})).toEqual({ table: 'public.goose_db_version', column: 'version' });
    expect(historyOf({ historyColumn: 'version_id' })).toEqual({
      table: 'public.goose_db_version',
      column: 'version_id',
    });
  });

  it('has a column whose name is taken as it stands', () => {
    const procedure = procedureOf({ historyColumn: 'version {{x}}' });

    expect(targetTexts(procedure).map(({ text }) => text)).not.toContain('version {{x}}');
    expect(checkSource(procedure, [])).toEqual([]);
  });

  it.each(['', 'a\nb', 'x'.repeat(64)])('has no column called %j', (historyColumn) => {
    expect(PostgresMigrations.safeParse({ ...source, historyColumn }).success).toBe(false);
  });
});
