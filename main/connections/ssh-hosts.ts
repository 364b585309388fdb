import { AppError } from '../../shared/errors/app-error.js';
import type { HostAddress } from '../../shared/runbook/environment-schema.js';
import { createHostAdapter } from './host/host-adapter.js';
import type { HostChannels, HostLocks } from './host-types.js';
import { gatedHost } from './hosts/gated-host.js';
import type { HostOpener } from './hosts/host-opener.js';
import type { HostInfo, HostPort } from './ports.js';
import type { Questions } from './questions.js';
import { createHostLine, planOf } from './ssh/host-line.js';
import { FreshPlans } from './ssh/fresh-plans.js';
import { orStopped } from './ssh/or-stopped.js';
import { describePlan } from './ssh/plan.js';
import type { LinePlan } from './ssh/plan.js';
import type { SshPlace } from './ssh/settings.js';

export type SshHostsOptions = {
  readonly questions: Questions;
  readonly place: SshPlace;
  readonly platform: NodeJS.Platform;
  /** Which machine stood behind a name before. */
  readonly pins: Pins;
  /** Passwords of databases that were given at the start, by the name of the secret. */
  readonly givenPasswords?: ReadonlyMap<string, string>;
  /** In place of the operator's own SSH configuration. */
  readonly configFile?: string;
};

export interface Pins {
  /** HOST_NOT_THE_SAME when another key or another machine answers than at first use. */
  check(
    environment: string,
    host: string,
    found: { readonly fingerprint: string; readonly machineId: string | null },
  ): Promise<unknown>;
}

/** Hosts over SSH, as the operator's own configuration says. Nothing is read nor connected before a host is used. */
export function createSshHosts(options: SshHostsOptions): HostOpener {
  const { questions, place, platform, pins, configFile } = options;
  const file = configFile === undefined ? {} : { configFile };
  const way = ({ address }: HostAddress) => ({ address, place, program: 'ssh', platform, ...file });
  const plans = new FreshPlans((address) =>
    planOf({ address, place, program: 'ssh', platform, ...file }, new AbortController().signal),
  );
  const planned = async (address: string, signal: AbortSignal): Promise<LinePlan> =>
    orStopped(plans.of(address), signal, {
      stopped: () => new AppError('STEP_STOPPED', 'Stopped while the SSH configuration was read.'),
      tooLate: () => undefined,
    });
  return {
    questions,
    ...(options.givenPasswords === undefined ? {} : { givenPasswords: options.givenPasswords }),
    describe: async (address, signal) => {
      // Who is told how will connect next, or never: the library is loaded while the plan is made.
      void import('./ssh/connect-hops.js');
      const lines = describePlan(await planned(address.address, signal));
      return address.client === 'system' ? [...lines, 'by the system’s own ssh'] : lines;
    },
    open: ({ environment, address }, onState) => {
      const { name, client = 'built-in' } = address;
      const plan = (signal: AbortSignal): Promise<LinePlan> => planned(address.address, signal);
      const line = createHostLine({ ...way(address), name, client, questions, plan });
      const port = createHostAdapter(line, { name, questions, onState });
      const info = async (signal: AbortSignal): Promise<HostInfo> => {
        const found = await port.info(signal);
        await pins.check(environment, name, found);
        return found;
      };
      return { port: bound(port, info), close: () => line.close() };
    },
  };
}

/** The same host, whose first word is checked. */
function bound(
  port: HostPort & HostLocks & HostChannels,
  info: HostPort['info'],
): HostPort & HostLocks & HostChannels {
  return { ...gatedHost(port, () => Promise.resolve()), info };
}

/** Another configuration than the account's own, as `ssh -F` takes it. */
export function sshConfigFile(
  env: Readonly<Record<string, string | undefined>>,
): Pick<SshHostsOptions, 'configFile'> {
  const file = env['LASTGOOD_SSH_CONFIG'] ?? '';
  return file === '' ? {} : { configFile: file };
}

/** Where this account keeps its SSH configuration and its agent. */
export function sshPlace({
  env,
  platform,
  home,
  userName,
}: {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly home: string;
  readonly userName: string;
}): SshPlace {
  const usual = platform === 'win32' ? '\\\\.\\pipe\\openssh-ssh-agent' : null;
  const agent = env['SSH_AUTH_SOCK'] ?? '';
  return { home, userName, agentSocket: agent === '' ? usual : agent };
}
