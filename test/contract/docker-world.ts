import type { ContainerSpec, DockerPort } from '../../main/connections/ports.js';

/** What a world must bring along so that the suite can run on it. */
export type DockerWorld = {
  readonly port: DockerPort;
  readonly repository: string;
  /** Ids of two images of the repository; `sick` was built later and serves badly. */
  readonly images: { readonly healthy: string; readonly sick: string };
  /** A container that does not run yet; writes a line soon after its start and now and then. */
  makeContainer(options: ContainerOptions): Promise<{ readonly id: string; readonly name: string }>;
  /** The same engine where nobody listens. */
  readonly unreachable: DockerPort;
  /** Takes the port on the engine's machine; gives back how to free it. */
  occupy(port: number): Promise<() => Promise<void>>;
  /** What this make of engine is known to do otherwise; none of it is a stand-in's. */
  readonly otherwise?: ReadonlySet<Otherwise>;
  cleanUp(): Promise<void>;
};

export type Otherwise = 'keeps policies' | 'stops nothing paused' | 'follows not to the last line';

export type ContainerOptions = {
  readonly name: string;
  readonly publishes?: number;
  readonly ignoresStop?: boolean;
  readonly restart?: string;
};

export function specOf(image: string): ContainerSpec {
  return { Image: image, Labels: {}, HostConfig: {}, NetworkingConfig: { EndpointsConfig: {} } };
}

/** The create body of a container with these options, in the engine's words. */
export function specFor(image: string, { publishes, restart }: ContainerOptions): ContainerSpec {
  const ports =
    publishes === undefined
      ? {}
      : { PortBindings: { '3000/tcp': [{ HostIp: '127.0.0.1', HostPort: String(publishes) }] } };
  const policy =
    restart === undefined ? {} : { RestartPolicy: { Name: restart, MaximumRetryCount: 0 } };
  const exposed = publishes === undefined ? {} : { ExposedPorts: { '3000/tcp': {} } };
  return { ...specOf(image), ...exposed, HostConfig: { ...ports, ...policy } };
}
