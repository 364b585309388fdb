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

const Form =
  /^(?<repository>[^@]+?)(?::(?<tag>\w[\w.-]{0,127}))?(?:@(?<digest>sha256:[0-9a-f]{64}))?$/;

/** `tag` is what clients send beside the name: a tag or a digest. Fails with 400, like the engine. */
export function parseReference(name: string, tag = ''): ImageReference {
  const { repository = '', ...parts } = Form.exec(joined(name, tag))?.groups ?? {};
  const { host, path } = splitHost(repository);
  if (/[A-Z]/.test(path)) {
    throw new EngineError(400, 'invalid reference format: repository name must be lowercase');
  }
  if (!/^[a-z0-9]+(?:[._/-]+[a-z0-9]+)*$/.test(path)) {
    throw new EngineError(400, 'invalid reference format');
  }
  const digest = parts['digest'] ?? null;
  const unnamed = digest === null ? 'latest' : null;
  return { repository, path, host, tag: parts['tag'] ?? unnamed, digest };
}

function joined(name: string, tag: string): string {
  if (tag === '') {
    return name;
  }
  return `${name}${tag.startsWith('sha256:') ? '@' : ':'}${tag}`;
}

function splitHost(repository: string): Pick<ImageReference, 'host' | 'path'> {
  const [first = '', ...rest] = repository.split('/');
  const hasHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  return hasHost ? { host: first, path: rest.join('/') } : { host: null, path: repository };
}

export function nameOf({ repository, tag, digest }: ImageReference): string {
  return `${repository}${tag === null ? '' : `:${tag}`}${digest === null ? '' : `@${digest}`}`;
}
