import type { DatabasePort, DatabaseTools } from './database-types.js';
import type {
  ContainerDetails,
  ContainerSpec,
  EngineInfo,
  ImageDetails,
  ImageSummary,
} from './docker-types.js';
import type { SwarmPort } from './swarm-types.js';
import type {
  HostInfo,
  HostJob,
  HostOutput,
  HostScript,
  HostStream,
  JobId,
  JobState,
  JobWatcher,
  RunAs,
} from './host-types.js';

export type {
  BoundedQuestion,
  DatabaseInfo,
  DatabasePort,
  DatabaseRow,
  DatabaseStatement,
  DatabaseTools,
  Pooler,
  ToolConnection,
  ToolName,
  ToolPlace,
  ToolProgram,
  TransactionOutcome,
} from './database-types.js';
export type {
  HostInfo,
  HostJob,
  HostOutput,
  HostScript,
  HostStream,
  JobId,
  JobPart,
  JobSecret,
  JobState,
  JobWatcher,
  PartEnd,
  RunAs,
} from './host-types.js';
export { alreadyExitCode } from './host-types.js';
export type {
  ContainerDetails,
  ContainerHealth,
  ContainerSpec,
  EngineInfo,
  ImageDetails,
  ImageSummary,
  LooseObject,
  RestartPolicy,
} from './docker-types.js';
export type {
  SwarmLogLine,
  SwarmPort,
  SwarmService,
  SwarmTask,
  SwarmUpdateState,
} from './swarm-types.js';

/**
 * The smallest verbs the steps need, not a mirror of a library. All reject with `AppError`;
 * `signal` ends the waiting on our side, never what the other side has already begun.
 */
export interface DockerPort extends FurtherDockerVerbs {
  /** Fails with DOCKER_UNREACHABLE, DOCKER_TOO_OLD or DOCKER_TOO_NEW. */
  info(signal: AbortSignal): Promise<EngineInfo>;
  /** Every local image whose repository is `repository`, newest first. */
  images(repository: string, signal: AbortSignal): Promise<readonly ImageSummary[]>;
  /** By id or reference; DOCKER_IMAGE_MISSING when it is not on the engine. */
  image(reference: string, signal: AbortSignal): Promise<ImageDetails>;
  /** By id or name; null when there is none. */
  container(nameOrId: string, signal: AbortSignal): Promise<ContainerDetails | null>;
  /** Creates, does not start. DOCKER_NAME_TAKEN when the name is in use. */
  create(name: string, spec: ContainerSpec, signal: AbortSignal): Promise<{ readonly id: string }>;
  /** Starting a running container is not an error. DOCKER_PORT_TAKEN when a published port is in use. */
  start(id: string, signal: AbortSignal): Promise<void>;
  /** SIGTERM, then SIGKILL after `graceSeconds`. Stopping a stopped container is not an error. */
  stop(id: string, graceSeconds: number, signal: AbortSignal): Promise<void>;
  /** DOCKER_NAME_TAKEN when the name is in use. */
  rename(id: string, name: string, signal: AbortSignal): Promise<void>;
  /** Removes a stopped container and keeps its volumes. Removing one that is gone is not an error. */
  remove(id: string, signal: AbortSignal): Promise<void>;
  setRestartPolicy(
    id: string,
    policy: { readonly name: string; readonly maximumRetryCount: number },
    signal: AbortSignal,
  ): Promise<void>;
  /** The last `tail` lines, oldest first. */
  readLog(id: string, options: ReadLogOptions, signal: AbortSignal): Promise<readonly LogLine[]>;
  /** Ends when the container stops or the signal fires; rejects when the line to the engine breaks. */
  followLog(id: string, options: FollowLogOptions, signal: AbortSignal): Promise<void>;
  stats(id: string, signal: AbortSignal): Promise<ContainerStats>;
}

/** What is needed now and then: for special containers, for what only a registry has, and for the clean-up. */
export interface FurtherDockerVerbs {
  /** A paused container keeps its memory and answers nobody. */
  readonly pause: (id: string, signal: AbortSignal) => Promise<void>;
  readonly unpause: (id: string, signal: AbortSignal) => Promise<void>;
  /** Every container that carries the label (`key` or `key=value`), or every one; also those that do not run; by name. */
  readonly containers: (
    label: string | null,
    signal: AbortSignal,
  ) => Promise<readonly ListedContainer[]>;
  /** What the container has written outside its volumes; null where the engine does not tell. */
  readonly writableBytes: (id: string, signal: AbortSignal) => Promise<number | null>;
  /** DOCKER_REFUSED while a container needs it. Removing one that is gone is not an error. */
  readonly removeImage: (id: string, signal: AbortSignal) => Promise<void>;
  /** What a reference stands for in its registry now, as the engine reaches it; nothing is loaded. */
  readonly digestOf: (
    reference: string,
    login: RegistryLogin | null,
    signal: AbortSignal,
  ) => Promise<string>;
  /** Loads an image to its end. DOCKER_PULL_FAILED when it broke off. */
  readonly pull: (
    reference: string,
    login: RegistryLogin | null,
    onProgress: (progress: PullProgress) => void,
    signal: AbortSignal,
  ) => Promise<void>;
}

export type ListedContainer = {
  readonly id: string;
  readonly name: string;
  readonly imageId: string;
  readonly status: string;
  readonly labels: Readonly<Record<string, string>>;
};

/** In the words of the engine's interface. A secret: it goes to the engine and nowhere else. */
export type RegistryLogin =
  | { readonly username: string; readonly password: string; readonly serveraddress: string }
  | { readonly identitytoken: string; readonly serveraddress: string };

export type PullProgress = {
  /** Null for what is said of the whole image. */
  readonly layer: string | null;
  readonly status: string;
  readonly doneBytes: number | null;
  readonly totalBytes: number | null;
};

export type ReadLogOptions = {
  readonly tail: number;
  /** RFC 3339 with nanoseconds, inclusive. */
  readonly since?: string;
};

export type FollowLogOptions = {
  readonly tail: number;
  readonly since?: string;
  readonly onLine: (line: LogLine) => void;
};

export type LogLine = {
  readonly at: string;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
};

export type ContainerStats = {
  /** 100 is one core in full use. */
  readonly cpuPercent: number;
  readonly memoryBytes: number;
};

export interface HttpPort {
  /** Resolves with any status that came back; rejects with HTTP_NO_ANSWER when none did. */
  request(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer>;
  /** Opens a connection for the next request to that origin, where opening one takes its time. Sends nothing, promises nothing. */
  openAhead(url: string): void;
  /**
   * Lets go of the connections that were used. Called before anything is changed: what answers over them afterwards may be
   * the version before, which takes nobody new and still serves whom it has.
   */
  letGo(): void;
}

export type HttpRequest = {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
} & (
  | {
      readonly method: 'GET';
      /** Also over a connection that was used before. Left out where it counts who takes a new caller now. */
      readonly mayReuse?: boolean;
    }
  | { readonly method: 'POST' }
);

export type HttpAnswer = {
  readonly status: number;
  /** At most 64 KiB; longer answers are cut. */
  readonly body: string;
  readonly milliseconds: number;
};

/**
 * One machine over SSH. The line may drop and come back behind these verbs; none of them ever starts anything twice.
 * All reject with `AppError`. HOST_UNREACHABLE: nothing was begun. HOST_LINE_LOST: what was under way is not known.
 */
export interface HostPort {
  /** Connects where needed and verifies who answers: HOST_KEY_CHANGED, HOST_KEY_REFUSED, HOST_NOT_THE_SAME, HOST_LOGIN_REFUSED. */
  info(signal: AbortSignal): Promise<HostInfo>;
  /** A script that only reads, run attached to its end; resolves with any exit code. */
  read(script: HostScript, signal: AbortSignal): Promise<HostOutput>;
  /** A reading script that goes on, like a log that is followed. Resolves when it ends or the signal fires. */
  follow(
    script: HostScript,
    onLine: (line: string, stream: 'stdout' | 'stderr') => void,
    signal: AbortSignal,
  ): Promise<void>;
  /**
   * Starts the job detached unless its id was started before, and follows it to its end over any drop of the line.
   * The signal ends the following and cancels the job with its whole process group, then rejects with STEP_STOPPED.
   */
  run(job: HostJob, watcher: JobWatcher, signal: AbortSignal): Promise<JobState>;
  /** Looks at a job; starts nothing. */
  job(id: JobId, signal: AbortSignal): Promise<JobState>;
  /** Looks at a job as its account, and sees to it that one that has not been begun by now never can be. */
  seal(id: JobId, as: RunAs, signal: AbortSignal): Promise<JobState>;
  /** Follows a job that was started before, from its first line; starts nothing. The signal only ends the following. */
  pickUp(id: JobId, watcher: JobWatcher, signal: AbortSignal): Promise<JobState>;
  /** Ends the job's whole process group and waits until it has ended. */
  cancel(id: JobId, signal: AbortSignal): Promise<JobState>;
  /** Removes what the ended jobs of a run left on the host; answers with the path of each thing removed. */
  cleanUp(runId: string, signal: AbortSignal): Promise<readonly string[]>;
  /** A TCP connection made by the host, so that `localhost` means that host. */
  connect(host: string, port: number, signal: AbortSignal): Promise<HostStream>;
}

/** What a step may reach. Names come from the environment; addresses stay behind the ports. */
export type Connections = {
  /** ENVIRONMENT_UNKNOWN when the environment has no engine of that name. */
  readonly docker: (engine: string) => DockerPort;
  /** The same engine as the manager of a swarm. */
  readonly swarm: (engine: string) => SwarmPort;
  /** ENVIRONMENT_UNKNOWN when the environment has no host of that name. */
  readonly host: (name: string) => HostPort;
  readonly http: HttpPort;
  /** What the user's own Docker configuration holds for a repository's registry; DOCKER_LOGIN_UNREADABLE where it cannot be had. */
  readonly registryLogin: (repository: string) => Promise<RegistryLogin | null>;
  /** ENVIRONMENT_UNKNOWN when the environment has no database of that name. */
  readonly database: (name: string) => DatabasePort;
  /** ENVIRONMENT_UNKNOWN when the environment has no database of that name. */
  readonly databaseTools: (name: string) => DatabaseTools;
};
