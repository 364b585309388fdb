import { z } from 'zod';
import { times } from '../../../shared/count.js';
import { AppError } from '../../../shared/errors/app-error.js';
import type { ContainerDetails, DockerPort } from '../../connections/ports.js';
import { containerById, containerNamed, stateText } from '../docker/containers.js';
import { nameOfProcess, seeProcess } from '../host/service-process.js';
import type { HostedProcess } from '../host/service-process.js';
import { shellCommand } from '../shell-quote.js';
import { swarmLife } from '../swarm/life.js';
import type { LogSource } from '../log-source.js';
import type { StepContext } from '../step-kind.js';

/** Which life of the service is waited for, and how often it had been started anew; null where that counts from the first look. */
export const LifeBefore = z.strictObject({ id: z.string().min(1), restarts: z.int().nullable() });
export type LifeBefore = z.infer<typeof LifeBefore>;

/** Whether the service’s own process is up, wherever it lives. Reads only. */
export interface ServiceLife {
  readonly title: string;
  /** What a person types to see it. */
  readonly command: string;
  /** The process itself is looked at only so often, unless the service’s address answers well. */
  readonly everyMs: number;
  capture(context: StepContext): Promise<LifeBefore>;
  /** Null while it is up; else words for it, given those for the service. SERVICE_EXITED where waiting longer is in vain. */
  look(before: LifeBefore, context: StepContext): Promise<((serviceText: string) => string) | null>;
}

const lastLines = 20;

export function lifeOf(source: LogSource): ServiceLife {
  switch (source.kind) {
    case 'docker':
      return dockerLife(source.engine, source.container);
    case 'swarm':
      return swarmLife(source.engine, source.service);
    case 'host':
      return hostLife(source.host, source.process);
  }
}

function dockerLife(engine: string, name: string): ServiceLife {
  return {
    title: `container ${name} on ${engine}`,
    command: shellCommand('docker', 'inspect', '--format', '{{json .State}}', name),
    everyMs: 0,
    async capture({ connections, signal }) {
      const found = await containerNamed(connections.docker(engine), name, signal);
      return { id: found.id, restarts: found.restartCount };
    },
    async look(before, context) {
      const port = context.connections.docker(engine);
      const container = await containerById(port, before.id, context.signal);
      await failWhenEnded(port, container, before, context);
      const { health, status } = container;
      if (health !== 'none' && health !== 'healthy') {
        return (text) => `${text}; the engine’s health check says ${health}`;
      }
      return status === 'running' ? null : () => stateText(container).replace(/\.$/, '');
    },
  };
}

/** A service that ends, or that the engine keeps restarting, will not get healthy by waiting longer. */
async function failWhenEnded(
  port: DockerPort,
  container: ContainerDetails,
  before: LifeBefore,
  { signal, emit }: StepContext,
): Promise<void> {
  const again = container.restartCount - (before.restarts ?? 0);
  const hasRestarted = again > 0;
  if (!hasRestarted && !['exited', 'dead', 'restarting'].includes(container.status)) {
    return;
  }
  for (const line of await port.readLog(container.id, { tail: lastLines }, signal)) {
    emit(line.text);
  }
  const restarted = hasRestarted ? ` and was restarted ${times(again)} by the engine` : '';
  throw new AppError(
    'SERVICE_EXITED',
    `${container.name} ended with exit code ${container.exitCode}${restarted}.`,
  );
}

/**
 * PM2 needs a good part of a second for each look, on a machine that is busy starting the service. Restarts count from the first
 * look on: one more before it would lie between the start and the wait, and keep the operator waiting for a way over the line.
 */
function hostLife(host: string, process: HostedProcess): ServiceLife {
  const title = `${nameOfProcess(process)} on ${host}`;
  let first: number | null = null;
  return {
    title,
    command:
      process.kind === 'systemd'
        ? shellCommand('systemctl', 'status', process.unit)
        : shellCommand('pm2', 'describe', process.app),
    everyMs: 2_000,
    capture: () => Promise.resolve({ id: title, restarts: null }),
    async look(before, { connections, signal }) {
      const sight = await seeProcess(connections.host(host), process, signal);
      const now = sight.restarts ?? 0;
      const again = now - (before.restarts ?? (first ??= now));
      if (again > 0 || sight.hasEnded) {
        const restarted = again > 0 ? ` It was started anew ${times(again)}.` : '';
        throw new AppError('SERVICE_EXITED', `${sight.text}.${restarted}`);
      }
      return sight.isUp ? null : () => sight.text;
    },
  };
}
