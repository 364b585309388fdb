import { z } from 'zod';
import { AppError } from '../../shared/errors/app-error.js';
import { readAnswer } from './docker-answers.js';
import { createPullReader } from './docker-pull.js';
import type { Call } from './docker-transport.js';
import type { DockerPort, FurtherDockerVerbs, RegistryLogin } from './ports.js';

/** How the verbs here reach the engine, with the version it speaks. */
export type DockerCaller = {
  readonly call: (call: Call, signal: AbortSignal) => Promise<unknown>;
  readonly stream: (
    call: Call,
    signal: AbortSignal,
    onBytes: (chunk: Buffer) => void,
  ) => Promise<void>;
};

type ContainerVerb = 'pause' | 'unpause' | 'containers' | 'writableBytes';

const ListedContainers = z.array(
  z.looseObject({
    Id: z.string().min(1),
    Names: z.array(z.string()).nullish(),
    ImageID: z.string(),
    State: z.string(),
    Labels: z.record(z.string(), z.string()).nullish(),
  }),
);
const Sized = z.looseObject({ SizeRw: z.number().nullish() });
const Distribution = z.looseObject({ Descriptor: z.looseObject({ digest: z.string() }) });

const registryTimeoutMs = 60_000;
/** A registry may be slow, but never silent for so long. */
const sizeTimeoutMs = 60_000;

export function createFurtherVerbs(caller: DockerCaller): FurtherDockerVerbs {
  return { ...containerVerbs(caller), ...imageVerbs(caller) };
}

function containerVerbs({ call }: DockerCaller): Pick<FurtherDockerVerbs, ContainerVerb> {
  const post = async (
    what: string,
    id: string,
    verb: string,
    signal: AbortSignal,
  ): Promise<void> => {
    const path = `/containers/${encodeURIComponent(id)}/${verb}`;
    await call(
      { what: `${what} container ${id}`, method: 'POST', path, notFound: 'container' },
      signal,
    );
  };
  return {
    pause: (id, signal) => post('pause', id, 'pause', signal),
    unpause: (id, signal) => post('unpause', id, 'unpause', signal),

    containers: async (label, signal) => {
      const query = {
        all: 'true',
        filters: JSON.stringify(label === null ? {} : { label: [label] }),
      };
      const asked: Call = {
        what: 'list containers',
        method: 'GET',
        path: '/containers/json',
        query,
      };
      return readAnswer('its containers', ListedContainers, await call(asked, signal))
        .map(({ Id: id, Names, ImageID: imageId, State: status, Labels }) => ({
          id,
          // Others are what links call it by.
          name:
            (Names ?? []).map((name) => name.slice(1)).find((name) => !name.includes('/')) ?? id,
          imageId,
          status,
          labels: Labels ?? {},
        }))
        .sort((left, right) => left.name.localeCompare(right.name, 'en', { numeric: true }));
    },

    writableBytes: async (id, signal) => {
      const path = `/containers/${encodeURIComponent(id)}/json`;
      const asked: Call = {
        what: `measure container ${id}`,
        ...{ method: 'GET', path, query: { size: 'true' } },
        ...{ timeoutMs: sizeTimeoutMs, notFound: 'container' },
      };
      return readAnswer('a container', Sized, await call(asked, signal)).SizeRw ?? null;
    },
  };
}

function imageVerbs({ call, stream }: DockerCaller): Omit<FurtherDockerVerbs, ContainerVerb> {
  return {
    removeImage: async (id, signal) => {
      const path = `/images/${encodeURIComponent(id)}`;
      const query = { force: 'false', noprune: 'false' };
      const asked: Call = {
        what: `remove image ${id}`,
        ...{ method: 'DELETE', path, query, timeoutMs: sizeTimeoutMs, notFound: 'image' },
      };
      await call(asked, signal).catch(unlessMissing);
    },

    digestOf: async (reference, login, signal) => {
      const path = `/distribution/${reference.split('/').map(encodeURIComponent).join('/')}/json`;
      const asked: Call = {
        what: `ask the registry for ${reference}`,
        ...{ method: 'GET', path, timeoutMs: registryTimeoutMs },
        ...headersFor(login),
      };
      return readAnswer('an image of a registry', Distribution, await call(asked, signal))
        .Descriptor.digest;
    },

    pull: pullWith(stream),
  };
}

function pullWith(stream: DockerCaller['stream']): DockerPort['pull'] {
  return async (reference, login, onProgress, signal) => {
    const reader = createPullReader(reference, onProgress);
    const asked: Call = {
      what: `pull ${reference}`,
      ...{ method: 'POST', path: '/images/create', query: { fromImage: reference } },
      ...{ timeoutMs: null },
      ...headersFor(login),
    };
    await stream(asked, signal, reader.push);
    reader.end();
  };
}

function headersFor(login: RegistryLogin | null): { readonly headers?: Record<string, string> } {
  if (login === null) {
    return {};
  }
  const text = Buffer.from(JSON.stringify(login), 'utf8').toString('base64url');
  return { headers: { 'X-Registry-Auth': text } };
}

function unlessMissing(thrown: unknown): void {
  if (!(thrown instanceof AppError && thrown.code === 'DOCKER_IMAGE_MISSING')) {
    throw thrown;
  }
}
