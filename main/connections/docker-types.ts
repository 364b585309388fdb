import type { Json } from '../../shared/json.js';

/** A part of an engine's answer that is carried along and compared, not understood field by field. */
export type LooseObject = { readonly [key: string]: Json };

export type EngineInfo = {
  /** What is spoken with this engine: its newest, held to the range Lastgood was tried with. */
  readonly apiVersion: string;
  readonly engineVersion: string;
  readonly name: string;
  /** Where it was asked: its socket, address or host. */
  readonly place: string;
  /** What this make or version of engine cannot do that a rollback may want, in sentences. */
  readonly lacks: readonly string[];
  /** Set where a container that exists keeps its restart policy, whatever is asked. */
  readonly keepsPolicies?: true;
};

/** What a list tells of an image. */
export type ImageSummary = {
  readonly id: string;
  /** `repository:tag`, every one that points here now. */
  readonly tags: readonly string[];
  readonly digests: readonly string[];
  /** Null where the build wrote no usable date. */
  readonly createdAt: string | null;
  readonly sizeBytes: number;
  readonly labels: Readonly<Record<string, string>>;
};

export type ImageDetails = ImageSummary & {
  /** The image's own settings, needed to tell them from what the operator set. */
  readonly config: LooseObject;
  readonly hasHealthcheck: boolean;
};

export type RestartPolicy = { readonly name: string; readonly maximumRetryCount: number };

export type ContainerHealth = 'none' | 'starting' | 'healthy' | 'unhealthy';

export type ContainerDetails = {
  readonly id: string;
  /** Without the leading slash. */
  readonly name: string;
  readonly imageId: string;
  /** What it was created from: a tag or an id. */
  readonly imageReference: string;
  /** Also true while paused or between two restarts; `status` tells them apart. */
  readonly running: boolean;
  readonly status: string;
  /** Null when it never ran. */
  readonly startedAt: string | null;
  readonly exitCode: number;
  readonly restartCount: number;
  readonly health: ContainerHealth;
  readonly restartPolicy: RestartPolicy;
  readonly labels: Readonly<Record<string, string>>;
  readonly tty: boolean;
  readonly autoRemove: boolean;
  /** May hold secrets (environment variables): never journalled, never shown. */
  readonly config: LooseObject;
  readonly hostConfig: LooseObject;
  readonly networks: Readonly<Record<string, LooseObject>>;
  readonly mounts: readonly LooseObject[];
};

/**
 * The body of a create call, in the engine's own words, so that whatever the operator set survives
 * even where Lastgood does not know the field.
 */
export type ContainerSpec = {
  readonly Image: string;
  readonly Labels: Readonly<Record<string, string>>;
  readonly HostConfig: LooseObject;
  readonly NetworkingConfig: { readonly EndpointsConfig: Readonly<Record<string, LooseObject>> };
  readonly [key: string]: Json;
};
