import type { Questions } from '../questions.js';
import type { Keepalive } from './connection.js';
import type { HostLine } from './line.js';
import { planLine } from './plan.js';
import type { LinePlan } from './plan.js';
import type { SshPlace } from './settings.js';
import { Ssh2Line } from './ssh2-line.js';
import { SystemLine } from './system-line.js';

export type HostLineOptions = {
  /** The host's name in the environment. */
  readonly name: string;
  /** `user@host:port`, or a name that the operator's SSH configuration explains. */
  readonly address: string;
  readonly client: 'built-in' | 'system';
  readonly place: SshPlace;
  /** The system's `ssh`; null where none is to be used, not even to read the configuration. */
  readonly program: string | null;
  readonly configFile?: string;
  readonly questions: Questions;
  readonly keepalive?: Keepalive;
  readonly platform: NodeJS.Platform;
  /** Where somebody keeps what was shown; else it is made from the configuration at the first connection. */
  readonly plan?: (signal: AbortSignal) => Promise<LinePlan>;
};

/** What will be used to reach a host, for showing it before anything is connected: `describePlan`. */
export function planOf(
  { address, place, program, configFile }: Omit<HostLineOptions, 'questions' | 'name' | 'client'>,
  signal: AbortSignal,
): Promise<LinePlan> {
  const file = configFile === undefined ? {} : { configFile };
  return planLine(address, { place, program, ...file }, signal);
}

/** Connects on first use. `client: system` where the host needs certificates, security keys or other ciphers. */
export function createHostLine(options: HostLineOptions): HostLine {
  const { name, questions, client, program, configFile, keepalive, platform } = options;
  const plan = options.plan ?? ((signal: AbortSignal) => planOf(options, signal));
  const alive = keepalive === undefined ? {} : { keepalive };
  if (client === 'built-in') {
    return new Ssh2Line({ name, plan, questions, ...alive });
  }
  const file = configFile === undefined ? {} : { configFile };
  return new SystemLine({
    name,
    plan,
    questions,
    program: program ?? 'ssh',
    ...file,
    ...alive,
    // Windows' OpenSSH cannot share one connection.
    isShared: platform !== 'win32',
  });
}
