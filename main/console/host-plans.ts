import { AppError } from '../../shared/errors/app-error.js';
import type { HostPlan } from '../../shared/ipc/views.js';
import type { Runbook } from '../../shared/runbook/schema.js';
import type { HostOpener } from '../connections/hosts/host-opener.js';

const PLAN_TIMEOUT_MS = 5_000;

/** What will be used to reach each host of an environment. What cannot be found out is said in its place. */
export async function hostPlans(
  { environments }: Runbook,
  environment: string,
  opener: HostOpener | null,
): Promise<readonly HostPlan[]> {
  const hosts = environments.find(({ name }) => name === environment)?.hosts ?? [];
  const signal = AbortSignal.timeout(PLAN_TIMEOUT_MS);
  return Promise.all(
    hosts.map(async (address) => {
      try {
        const lines = opener === null ? [] : await opener.describe(address, signal);
        return { host: address.name, lines: [...lines] };
      } catch (thrown) {
        const why = thrown instanceof AppError ? thrown.message : 'it cannot be read';
        return { host: address.name, lines: [`not known: ${why}`] };
      }
    }),
  );
}
