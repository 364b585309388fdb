import { EngineError } from './engine-error.js';

/** `host/path:tag@digest`, as the engine takes it apart. */
export type ImageReference = {
  /** With its registry's name, where it has one. */
  readonly repository: string;
  /** The registry's own name of it. */
  readonly path: string;
  /** Null where none is named: the registry of the engine's maker is meant then. */
  readonly host: string | null;
  /** `latest` where neither tag nor digest is given. */
  readonly tag: string | null;
  readonly digest: string | null;
};

/** `tag` is what clients send beside the name: a tag or a digest. Fails with 400, like the engine. */
export function parseReference(name: string, tag = ''): ImageReference {
  const whole = tag === '' ? name : `${name}${tag.startsWith('sha256:') ? '@' : ':'}${tag}`;
  const match = /^([^@]+?)(?::(\w[\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$/.exec(whole);
  const repository = match?.[1] ?? '';
  const [first = '', ...rest] = repository.split('/');
  const hasHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  const path = hasHost ? rest.join('/') : repository;
  if (/[A-Z]/.test(path)) {
    throw new EngineError(400, 'invalid reference format: repository name must be lowercase');
  }
  if (!/^[a-z0-9]+(?:[._/-]+[a-z0-9]+)*$/.test(path)) {
    throw new EngineError(400, 'invalid reference format');
  }
  const digest = match?.[3] ?? null;
  return {
    repository,
    path,
    host: hasHost ? first : null,
    tag: match?.[2] ?? (digest === null ? 'latest' : null),
    digest,
  };
}

export function nameOf({ repository, tag, digest }: ImageReference): string {
  return `${repository}${tag === null ? '' : `:${tag}`}${digest === null ? '' : `@${digest}`}`;
}
