import { AppError } from '../../shared/errors/app-error.js';
import type { EnvironmentCard } from '../../shared/ipc/views.js';
import type { Environment } from '../../shared/runbook/environment-schema.js';
import { refusalOfProcedure } from '../../shared/runbook/offers.js';
import type { Procedure, Runbook } from '../../shared/runbook/schema.js';

export type ListedEnvironment = Pick<
  EnvironmentCard,
  'name' | 'tier' | 'url' | 'faults' | 'hosts'
> & {
  /** The names of its engines. */
  readonly engines: readonly string[];
  /** The names of its databases. */
  readonly databases?: readonly string[];
};

export type OpenOptions = {
  /** What is to be carried out there: a source that makes its environments makes the one for it. */
  readonly procedureId: string;
  /** True when a run begins, false when one is taken up again. */
  readonly isNewRun: boolean;
  /** Faults to inject, by name; only a source that lists them can. */
  readonly faults: readonly string[];
  /** As a run that is taken up has it on record, perhaps from another console. */
  readonly recorded?: Environment;
};

/** Where environments come from: the runbook names them; other sources may add their own. */
export interface EnvironmentSource {
  readonly list: (runbook: Runbook) => readonly ListedEnvironment[];
  readonly open: (runbook: Runbook, name: string, options: OpenOptions) => Promise<Environment>;
}

/** The environments that the runbook itself names. */
export const declaredEnvironments: EnvironmentSource = {
  list: (runbook) =>
    runbook.environments.map(({ name, tier, url, engines, hosts = [], databases = [] }) => ({
      name,
      tier,
      url,
      faults: [],
      engines: engines.map((engine) => engine.name),
      hosts: hosts.map((host) => ({ name: host.name, address: host.address })),
      databases: databases.map((database) => database.name),
    })),
  open: (runbook, name) => {
    const found = runbook.environments.find((environment) => environment.name === name);
    return found === undefined
      ? Promise.reject(new AppError('ENVIRONMENT_UNKNOWN', `There is no environment ${name}.`))
      : Promise.resolve(found);
  },
};

export type OfferedProcedure = EnvironmentCard['procedures'][number];

/** The procedures of a runbook, each with why it cannot be carried out there, or null. */
export function proceduresOf(
  { procedures }: Runbook,
  { name, tier, engines, hosts, databases = [] }: ListedEnvironment,
): OfferedProcedure[] {
  const places = { name, engines, hosts: hosts.map((host) => host.name), databases };
  const aside =
    tier === 'practice' ? ' The practice range has containers and swarm services only.' : '';
  return procedures.map((procedure) => {
    const refusal = refusalOfProcedure(procedure, places);
    const { id, title } = procedure;
    return { id, title, refusal: refusal === null ? null : `${refusal}${aside}` };
  });
}

/** The procedure of that id. PROCEDURE_UNKNOWN or PROCEDURE_NOT_OFFERED, with those that are. */
export function mustBeOffered(
  runbook: Runbook,
  procedureId: string,
  listed: ListedEnvironment | undefined,
): Procedure {
  const procedure = runbook.procedures.find(({ id }) => id === procedureId);
  if (procedure === undefined) {
    const known = runbook.procedures.map(({ id }) => id).join(', ');
    throw new AppError(
      'PROCEDURE_UNKNOWN',
      `${runbook.id} has no procedure ${procedureId}. It has: ${known}.`,
    );
  }
  // An environment that is not there is said by whoever opens it.
  const offered = listed === undefined ? [] : proceduresOf(runbook, listed);
  const refusal = offered.find(({ id }) => id === procedureId)?.refusal ?? null;
  if (refusal !== null) {
    const possible = offered.flatMap((one) => (one.refusal === null ? [one.id] : []));
    const instead = possible.length === 0 ? '' : ` Possible here: ${possible.join(', ')}.`;
    throw new AppError('PROCEDURE_NOT_OFFERED', `${refusal}${instead}`);
  }
  return procedure;
}

/** Several sources as one. The first that lists a name owns it. */
export function joinEnvironments(sources: readonly EnvironmentSource[]): EnvironmentSource {
  return {
    list: (runbook) => sources.flatMap((source) => source.list(runbook)),
    open: (runbook, name, options) => {
      const owner = sources.find((source) => source.list(runbook).some((e) => e.name === name));
      const listed = owner?.list(runbook).find((e) => e.name === name);
      if (owner === undefined || listed === undefined) {
        const message = `${runbook.id} has no environment ${name}.`;
        return Promise.reject(new AppError('ENVIRONMENT_UNKNOWN', message));
      }
      const stray = options.faults.find((fault) => !listed.faults.some((f) => f.name === fault));
      if (stray !== undefined) {
        const message = `The fault ${stray} cannot be injected into ${name}.`;
        return Promise.reject(new AppError('ENVIRONMENT_NO_FAULTS', message));
      }
      return owner.open(runbook, name, options);
    },
  };
}
