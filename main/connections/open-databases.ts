import { AppError } from '../../shared/errors/app-error.js';
import type { Environment } from '../../shared/runbook/environment-schema.js';
import type { EngineCalls } from './container/engine-calls.js';
import { ExecLine } from './container/exec-line.js';
import { Databases } from './database/databases.js';
import { DatabasePasswords } from './database/passwords.js';
import { createHostAdapter } from './host/host-adapter.js';
import type { HostOpener } from './hosts/host-opener.js';
import { LocalLine } from './local/local-line.js';
import type { HostPort } from './ports.js';
import type { Questions } from './questions.js';
import type { HostLine } from './ssh/line.js';

/** The databases of an environment with the places their programs may run at. Connects to nothing yet. */
export function openDatabases(
  environment: Environment,
  opener: HostOpener | null,
  host: (name: string) => HostPort,
  engineCalls: (engine: string) => EngineCalls,
): Databases {
  const questions = opener?.questions ?? nobody;
  const lines: HostLine[] = [];
  const hostOver = (line: HostLine, name: string): HostPort => {
    lines.push(line);
    return createHostAdapter(line, { name, questions });
  };
  return new Databases({
    environment,
    passwords: new DatabasePasswords(questions, opener?.givenPasswords),
    host,
    toolHosts: {
      container: (container, engine) => {
        const name = `${container} on ${engine}`;
        return hostOver(new ExecLine(engineCalls(engine), { name, container }), name);
      },
      local: () => hostOver(new LocalLine(), 'this laptop'),
      // Their shells stand ready, and one that is left open keeps the console from ending.
      close: async () => {
        await Promise.all(lines.map((line) => line.close()));
      },
    },
  });
}

const nobody: Questions = {
  ask: () =>
    Promise.reject(new AppError('QUESTION_UNANSWERED', 'There is nobody here who could be asked.')),
};
