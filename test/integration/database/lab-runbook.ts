import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { z } from 'zod';

const Procedure = z.looseObject({
  id: z.string(),
  steps: z.array(z.looseObject({ id: z.string(), with: z.looseObject({}) })),
});
const Raw = z.looseObject({
  procedures: z.array(Procedure),
  environments: z.array(z.looseObject({ name: z.string() })),
});

const checkout = path.resolve(import.meta.dirname, '../../..');

export type LabDatabase = {
  readonly port: number;
  readonly database: string;
  /** Where backups lie. */
  readonly backups: string;
  /** What the SSH configuration calls the machine. */
  readonly address?: string;
  /** So many rows must be in `markets` afterwards. */
  readonly atLeast?: number;
  /** A container that has the server and its programs; without it they are on this laptop. */
  readonly container?: { readonly name: string; readonly socket: string };
};

/** The built-in procedures for databases as they are, with the names of the lab's machine and of this database. */
export function labDatabaseRunbook({
  port,
  database,
  backups,
  address = 'lab-app',
  atLeast = 0,
  container,
}: LabDatabase): string {
  const read = (file: string) => Raw.parse(parse(readFileSync(path.join(checkout, file), 'utf8')));
  const lab = read('test/fixtures/hosts/lab-host.yaml');
  const builtIn = read('main/runbooks/built-in/tradewizard-monitor.yaml').procedures.filter(
    ({ id }) => id === 'database' || id === 'database-beside',
  );
  const text = JSON.stringify(builtIn)
    .replaceAll('tradewizard-monitor', 'lab-service')
    .replaceAll('"/backups', `"${backups}`)
    .replaceAll('"users":["postgres"]', '"users":["app"]');
  const tools =
    container === undefined
      ? [{ local: true }]
      : [{ container: container.name, engine: 'own', reaches: 'localhost:5432' }];
  const engines =
    container === undefined ? [] : [{ name: 'own', kind: 'docker', socket: container.socket }];
  const databases = [{ name: 'main', host: '127.0.0.1', port, database, user: 'app', tools }];
  const environments = lab.environments
    .filter(({ name }) => name === 'systemd')
    .map((one) => ({ ...one, hosts: [{ name: 'app', address }], databases, engines }));
  const counting = (step: { readonly with: object }) => ({
    ...step,
    with: {
      ...step.with,
      tables: ['markets', 'recommendations', 'agent_signals'].map((table) => ({
        table,
        newest: 'created_at',
        ...(table === 'markets' ? { atLeast } : {}),
      })),
    },
  });
  const procedures = z
    .array(Procedure)
    .parse(JSON.parse(text))
    .map(({ steps, ...rest }) => ({
      ...rest,
      steps: steps.map((step) => (step.id === 'check-counts' ? counting(step) : step)),
    }));
  return stringify({ ...lab, procedures, environments }, { aliasDuplicateObjects: false });
}
