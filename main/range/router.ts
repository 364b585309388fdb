import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ContainerEngine } from './container-engine.js';
import { EngineError } from './engine-error.js';
import type { Swarm } from './swarm/swarm.js';

export const API_VERSION = '1.43';
export const MIN_API_VERSION = '1.24';

/** A plain answer. `body` goes out as JSON, a missing one as an empty body. */
export type Reply = { readonly status: number; readonly body?: unknown };

export type Call = {
  readonly engine: ContainerEngine;
  /** Null where the engine manages none. */
  readonly swarm: Swarm | null;
  /** What stood in the place of `{…}`, decoded. */
  readonly subject: string;
  readonly query: URLSearchParams;
  /** The parsed JSON body; null when there is none. Fails with 400. */
  readonly body: () => Promise<unknown>;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Cuts every line to the engine and answers nobody for a while. */
  readonly dropLine: () => void;
};

/** Answers null when the handler writes the response itself. */
export type Handler = (call: Call) => Reply | null | Promise<Reply | null>;

export type Route = { readonly method: string; readonly pattern: RegExp; readonly handle: Handler };

/** `{name}` takes one part of the path, `{name…}` may hold slashes, as image names do. */
export function route(method: string, path: string, handle: Handler): Route {
  const source = path
    .replaceAll('.', '\\.')
    .replace(/\{\w+…\}/, '(.+)')
    .replace(/\{\w+\}/, '([^/]+)');
  return { method, pattern: new RegExp(`^${source}$`), handle };
}

export type Found = { readonly handle: Handler; readonly subject: string };

/** Fails like the engine: 400 for a version it does not speak, 404 for a path it does not know. */
export function findRoute(routes: readonly Route[], method: string, path: string): Found {
  const plain = withoutVersion(path);
  for (const { method: wanted, pattern, handle } of routes) {
    const match = wanted === method ? pattern.exec(plain) : null;
    if (match !== null) {
      return { handle, subject: decode(match[1] ?? '') };
    }
  }
  throw new EngineError(404, 'page not found');
}

function withoutVersion(path: string): string {
  const match = /^\/v(\d+\.\d+)(\/.*)$/.exec(path);
  if (match === null) {
    return path;
  }
  const asked = match[1] ?? '';
  if (minor(asked) > minor(API_VERSION)) {
    throw new EngineError(
      400,
      `client version ${asked} is too new. Maximum supported API version is ${API_VERSION}`,
    );
  }
  if (minor(asked) < minor(MIN_API_VERSION)) {
    throw new EngineError(
      400,
      `client version ${asked} is too old. Minimum supported API version is ${MIN_API_VERSION}, please upgrade your client to a newer version`,
    );
  }
  return match[2] ?? '/';
}

function minor(version: string): number {
  const [major = 0, rest = 0] = version.split('.').map(Number);
  return major * 1_000 + rest;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new EngineError(400, 'invalid path');
  }
}

export function isTrue(value: string | null): boolean {
  return value !== null && !['', '0', 'false', 'no', 'none'].includes(value.toLowerCase());
}
