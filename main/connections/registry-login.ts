import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { AppError } from '../../shared/errors/app-error.js';
import { registryOf } from './image-name.js';
import type { RegistryLogin } from './ports.js';

const Config = z.looseObject({
  auths: z
    .record(
      z.string(),
      z.looseObject({
        auth: z.string().optional(),
        username: z.string().optional(),
        password: z.string().optional(),
        identitytoken: z.string().optional(),
      }),
    )
    .nullish(),
  credsStore: z.string().nullish(),
  credHelpers: z.record(z.string(), z.string()).nullish(),
});
type Config = z.infer<typeof Config>;

const Helped = z.looseObject({ Username: z.string(), Secret: z.string() });

const helperTimeoutMs = 20_000;
/** What a helper says where it simply holds none. */
const nothingHeld = /credentials not found/i;
/** Under which Docker's own registry stands in its configuration. */
const ownRegistry = 'https://index.docker.io/v1/';

export type RegistryLogins = {
  /** Docker's own folder: `~/.docker`, or what DOCKER_CONFIG names. */
  readonly folder: string;
  /** Where helpers are found. */
  readonly environment: Readonly<Record<string, string | undefined>>;
};

/**
 * What the user's own Docker configuration holds for a repository's registry; null where it holds nothing. Only read,
 * never kept. DOCKER_LOGIN_UNREADABLE where it names a login that cannot be had: going on without would end in a worse message.
 */
export async function readRegistryLogin(
  repository: string,
  { folder, environment }: RegistryLogins,
): Promise<RegistryLogin | null> {
  const registry = registryOf(repository);
  const server = registry === 'docker.io' ? ownRegistry : registry;
  const config = await readConfig(path.join(folder, 'config.json'));
  const helper =
    config.credHelpers?.[server] ?? config.credHelpers?.[registry] ?? config.credsStore;
  const helped = helper ? await askHelper(helper, server, environment) : null;
  return helped ?? fromFile(config, registry, server);
}

async function readConfig(file: string): Promise<Config> {
  try {
    return Config.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') {
      return {};
    }
    throw new AppError('DOCKER_LOGIN_UNREADABLE', `${file} is not what Docker writes.`, { cause });
  }
}

function fromFile({ auths }: Config, registry: string, server: string): RegistryLogin | null {
  const names = [server, registry, `https://${registry}`, `https://${registry}/v1/`];
  const found = names.map((name) => auths?.[name]).find((entry) => entry !== undefined);
  if (found === undefined) {
    return null;
  }
  if (found.identitytoken) {
    return { identitytoken: found.identitytoken, serveraddress: server };
  }
  const decoded = Buffer.from(found.auth ?? '', 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  const username = found.username ?? decoded.slice(0, Math.max(colon, 0));
  const password = found.password ?? decoded.slice(colon + 1).replace(/\0+$/, '');
  return username === '' ? null : { username, password, serveraddress: server };
}

/** The helper's answer goes nowhere but into the login; of what it says when it fails, only that it did. */
async function askHelper(
  helper: string,
  server: string,
  environment: RegistryLogins['environment'],
): Promise<RegistryLogin | null> {
  if (!/^[a-zA-Z0-9._-]+$/.test(helper)) {
    throw new AppError('DOCKER_LOGIN_UNREADABLE', `“${helper}” is no name of a credential helper.`);
  }
  const program = `docker-credential-${helper}`;
  const { code, output } = await run(program, server, environment);
  if (code !== 0) {
    if (nothingHeld.test(output)) {
      return null;
    }
    throw new AppError(
      'DOCKER_LOGIN_UNREADABLE',
      `${program} failed for ${server} (exit code ${String(code)}).`,
    );
  }
  const said = Helped.safeParse(jsonOf(output));
  if (!said.success) {
    throw new AppError('DOCKER_LOGIN_UNREADABLE', `${program} gave no login for ${server}.`);
  }
  const { Username: username, Secret: secret } = said.data;
  return username === '<token>'
    ? { identitytoken: secret, serveraddress: server }
    : { username, password: secret, serveraddress: server };
}

function run(
  program: string,
  input: string,
  env: RegistryLogins['environment'],
): Promise<{ readonly code: number | null; readonly output: string }> {
  return new Promise((resolve, reject) => {
    const helper = spawn(program, ['get'], {
      env: { ...env },
      stdio: ['pipe', 'pipe', 'ignore'],
      timeout: helperTimeoutMs,
    });
    let output = '';
    helper.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    helper.on('error', (cause) => {
      const text = `${program}, which your Docker configuration names, cannot be run.`;
      reject(new AppError('DOCKER_LOGIN_UNREADABLE', text, { cause }));
    });
    helper.on('close', (code) => {
      resolve({ code, output });
    });
    // One that has ended already needs no input.
    helper.stdin.on('error', () => undefined).end(input);
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
