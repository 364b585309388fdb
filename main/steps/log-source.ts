import { z } from 'zod';
import type { LogLine } from '../connections/ports.js';
import { ContainerName, EngineName } from './docker/names.js';
import { Account, AppName } from './host/accounts.js';
import { AbsolutePath, HostName, UnitName } from './host/names.js';
import type { HostedProcess } from './host/service-process.js';
import { DockerMark, dockerLog } from './docker/service-log.js';
import { HostMark, hostLog } from './host/service-log.js';
import { ServiceName } from './swarm/names.js';
import { SwarmMark, swarmLog } from './swarm/service-log.js';
import type { StepContext } from './step-kind.js';

const Hosted = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('swarm'), name: ServiceName }),
  z.strictObject({ kind: z.literal('systemd'), unit: UnitName }),
  z.strictObject({
    kind: z.literal('pm2'),
    app: AppName,
    owner: Account.optional(),
    home: AbsolutePath.optional(),
  }),
]);

/** Where a service lives, in a step's params: `engine` and `container`, `host` and `service`, or `engine` and a swarm's `service`. */
export const SourceParams = {
  engine: EngineName.optional(),
  container: ContainerName.optional(),
  host: HostName.optional(),
  service: Hosted.optional(),
};
type Params = z.infer<z.ZodObject<typeof SourceParams>>;

export function hasOneSource({ engine, container, host, service }: Params): boolean {
  if (service?.kind === 'swarm') {
    return engine !== undefined && container === undefined && host === undefined;
  }
  const isDocker = engine !== undefined && container !== undefined;
  const isHost = host !== undefined && service !== undefined;
  const isMixed = (engine ?? container) !== undefined && (host ?? service) !== undefined;
  return (isDocker || isHost) && !isMixed;
}

export const oneSourceMessage =
  'name engine and container, host and service, or engine and a swarm service';

/** The one place where a service's process and log are looked at. */
export type LogSource =
  | { readonly kind: 'docker'; readonly engine: string; readonly container: string }
  | { readonly kind: 'swarm'; readonly engine: string; readonly service: string }
  | { readonly kind: 'host'; readonly host: string; readonly process: HostedProcess };

export function sourceOf({ engine, container, host, service }: Params): LogSource {
  if (service?.kind === 'swarm') {
    return { kind: 'swarm', engine: engine ?? '', service: service.name };
  }
  if (host !== undefined && service !== undefined) {
    const process =
      service.kind === 'systemd'
        ? service
        : { ...service, owner: service.owner ?? null, home: service.home ?? null };
    return { kind: 'host', host, process };
  }
  // `hasOneSource` has held before.
  return { kind: 'docker', engine: engine ?? '', container: container ?? '' };
}

/** Where the log stood when it was marked: what stands there already is not new. */
export const LogMark = z.union([DockerMark, SwarmMark, ...HostMark.options]);
export type LogMark = z.infer<typeof LogMark>;

/** The log of a service, wherever it lives. Reads only. */
export interface ServiceLog {
  /** `container web`, `unit web.service on app-1` */
  readonly title: string;
  /** What a person types to follow it. */
  readonly followCommand: string;
  mark(context: StepContext): Promise<LogMark>;
  /** Lines that were not there at the mark, until the signal fires or the log ends; over lines to a host that drop. */
  followNew(
    mark: LogMark,
    onLine: (line: LogLine) => void,
    context: StepContext,
    signal: AbortSignal,
  ): Promise<void>;
}

export function logOf(source: LogSource): ServiceLog {
  switch (source.kind) {
    case 'docker':
      return dockerLog(source);
    case 'swarm':
      return swarmLog(source);
    case 'host':
      return hostLog(source);
  }
}
