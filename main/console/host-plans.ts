import { AppError } from '../../shared/errors/app-error.js';
import type { HostPlan } from '../../shared/ipc/views.js';
import type { Runbook } from '../../shared/runbook/schema.js';
import { engineLine } from '../connections/docker/engine-places.js';
import type { HostOpener } from '../connections/hosts/host-opener.js';

const PLAN_TIMEOUT_MS = 5_000;

/** What will be used to reach each engine and host of an environment. What cannot be found out is said in its place. */
export async function hostPlans(
  { environments }: Runbook,
  environment: string,
  opener: HostOpener | null,
): Promise<readonly HostPlan[]> {
  const { hosts = [], engines = [] } = environments.find(({ name }) => name === environment) ?? {};
  const signal = AbortSignal.timeout(PLAN_TIMEOUT_MS);
  return Promise.all([
    ...engines.map(async (engine) => ({ host: engine.name, lines: [await engineLine(engine)] })),
    ...hosts.map(async (address) => {
      try {
        const lines = opener === null ? [] : await opener.describe(address, signal);
        return { host: address.name, lines: [...lines] };
      } catch (thrown) {
        const why = thrown instanceof AppError ? thrown.message : 'it cannot be read';
        return { host: address.name, lines: [`not known: ${why}`] };
      }
    }),
  ]);
}
