import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { createRange } from '../../../../main/range/range.js';
import type { OpenOptions, Range } from '../../../../main/range/range.js';
import type { RangeFault } from '../../../../shared/drill/faults.js';
import type { Environment } from '../../../../shared/runbook/environment-schema.js';
import type { Runbook } from '../../../../shared/runbook/schema.js';
import { builtInText, soundRunbook } from '../runbooks/runbook-files.js';

/** What the tests look at in the engine's answers; an answer holds only the fields of its own kind. */
export type Body = {
  readonly message: string;
  readonly Id: string;
  readonly Name: string;
  readonly Action: string;
  readonly RepoTags: readonly string[];
  readonly Labels: Readonly<Record<string, string>>;
  readonly Mounts: readonly object[];
  readonly Config: {
    readonly Image: string;
    readonly Env: readonly string[];
    readonly Cmd: readonly string[];
    readonly Labels: Readonly<Record<string, string>>;
  };
  readonly HostConfig: { readonly PortBindings: object };
  readonly State: {
    readonly Status: string;
    readonly Running: boolean;
    readonly ExitCode: number;
    readonly StartedAt: string;
    readonly Health: { readonly Status: string };
  };
};

export type Answer = {
  readonly status: number;
  readonly text: string;
  readonly json: Body;
  readonly list: readonly Body[];
};

export type Practice = {
  readonly range: Range;
  readonly runbook: Runbook;
  readonly folder: string;
  readonly environment: Environment;
  readonly engine: (method: string, path: string, body?: unknown) => Promise<Answer>;
  readonly service: (method?: string, path?: string) => Promise<Answer | null>;
};

export const builtIn = soundRunbook(builtInText);

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'range-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A world of the built-in runbook in a folder of its own; closed when the test is over. */
export async function openPractice(
  faults: readonly RangeFault[] = [],
  {
    folder,
    runbook = builtIn,
    fresh = true,
    procedureId,
  }: Partial<OpenOptions> & { folder?: string; runbook?: Runbook } = {},
): Promise<Practice> {
  const home = folder ?? (await temporaryFolder());
  const range = createRange({ folder: path.join(home, 'range'), socketFolder: home });
  onTestFinished(() => range.close());
  const environment = await range.open(runbook, {
    fresh,
    faults,
    ...(procedureId === undefined ? {} : { procedureId }),
  });
  const socket = environment.engines[0]!.socket!;
  return {
    range,
    runbook,
    folder: home,
    environment,
    engine: (method, where, body) => ask({ socketPath: socket }, method, where, body),
    service: (method = 'GET', where = runbook.service.health.path) =>
      ask({ host: '127.0.0.1', port: Number(new URL(environment.url).port) }, method, where).catch(
        () => null,
      ),
  };
}

/** Asks again until the answer is good; the test's own time limit ends it. */
export async function until<T>(look: () => Promise<T>, isGood: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await look();
    if (isGood(value)) {
      return value;
    }
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}

/** Creates a replacement from an image, on the same port as the serving container. */
export async function createFrom(
  practice: Practice,
  image: string,
  name = 'replacement',
): Promise<Answer> {
  const { service } = practice.runbook;
  const old = await practice.engine('GET', `/containers/${service.name}/json`);
  return practice.engine('POST', `/v1.43/containers/create?name=${name}`, {
    Image: image,
    HostConfig: { PortBindings: old.json.HostConfig.PortBindings },
  });
}

function ask(
  to: { socketPath: string } | { host: string; port: number },
  method: string,
  where: string,
  body?: unknown,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { 'content-type': 'application/json' };
    const request = http.request(
      { ...to, method, path: where, headers, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('latin1');
          const json = toJson(text);
          const list = Array.isArray(json) ? (json as Body[]) : [];
          resolve({ status: response.statusCode ?? 0, text, json: json as Body, list });
        });
      },
    );
    request.on('error', reject);
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
