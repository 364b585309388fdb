import type { HostAddress } from '../../shared/runbook/environment-schema.js';
import { createHostAdapter } from './host/host-adapter.js';
import type { HostOpener } from './hosts/host-opener.js';
import type { Questions } from './questions.js';
import { describePlan, planLine } from './ssh/plan.js';
import type { LinePlan } from './ssh/plan.js';
import type { SshPlace } from './ssh/settings.js';
import { Ssh2Line } from './ssh/ssh2-line.js';

export type SshHostsOptions = {
  readonly questions: Questions;
  readonly place: SshPlace;
  /** The data folder: pins lie there. */
  readonly folder: string;
};

/** Hosts over SSH, as the operator's own configuration says. */
export function createSshHosts({ questions, place }: SshHostsOptions): HostOpener {
  const planOf = ({ address }: HostAddress, signal: AbortSignal): Promise<LinePlan> =>
    planLine(address, { place, program: 'ssh' }, signal);
  return {
    describe: async (address, signal) => describePlan(await planOf(address, signal)),
    open: ({ address }, onState) => {
      const line = new Ssh2Line({
        name: address.name,
        plan: (signal) => planOf(address, signal),
        questions,
      });
      const port = createHostAdapter(line, { name: address.name, questions, onState });
      return { port, close: () => line.close() };
    },
  };
}

/** Where this account keeps its SSH configuration and its agent. */
export function sshPlace({
  env,
  platform,
  home,
  userName,
}: {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: string;
  readonly home: string;
  readonly userName: string;
}): SshPlace {
  const usual = platform === 'win32' ? '\\\\.\\pipe\\openssh-ssh-agent' : null;
  const agent = env['SSH_AUTH_SOCK'] ?? '';
  return { home, userName, agentSocket: agent === '' ? usual : agent };
}
