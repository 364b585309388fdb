import { execFile, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';

const execute = promisify(execFile);

const Place = z.object({
  address: z.string(),
  port: z.number(),
  ports: z.record(z.string(), z.number()),
  machineId: z.string(),
});
const Hosts = z.object({
  hosts: z.object({ app: Place, bastion: Place, code: Place, strict: Place }),
  knownHosts: z.string(),
  keys: z.object({
    lab: z.string(),
    rsa: z.string(),
    locked: z.string(),
    stranger: z.string(),
    certified: z.string(),
  }),
  passphrase: z.string(),
  passwords: z.object({ careful: z.string(), typist: z.string(), code: z.string() }),
});
export type RealHosts = z.infer<typeof Hosts>;

/** Only root can make the machines, so that they are optional for anybody else; never in CI. */
export const hostsMayBeMissing =
  process.env['LASTGOOD_TEST_HOSTS'] === undefined &&
  process.env['CI'] !== 'true' &&
  process.getuid?.() !== 0;

/** The machines that stand as long as the lab: for looking. Whoever changes something opens its own (`openMachine`). */
export function realHosts(): RealHosts {
  const text = process.env['LASTGOOD_TEST_HOSTS'];
  if (text === undefined) {
    throw new Error(
      'LASTGOOD_TEST_HOSTS names no machines: run `npm test`, or eval "$(node test/lab/lab.mjs env)" first.',
    );
  }
  return Hosts.parse(JSON.parse(text));
}

export type Login = {
  readonly user: string;
  readonly address: string;
  readonly port: number;
  /** Lines of known_hosts; without them those of the standing machines. */
  readonly knownHosts?: readonly string[];
  /** None: no key at all. */
  readonly key?: string | null;
  /** What is typed at the prompts, one after the other. */
  readonly typed?: readonly string[];
  readonly options?: readonly string[];
};

export type Ended = { readonly exitCode: number; readonly stdout: string; readonly stderr: string };

/**
 * The system's own SSH client, so that what a test sees does not come from the product. Resolves with any exit code;
 * 255 is the client's own failure.
 */
export async function ssh(login: Login, command: string, input = ''): Promise<Ended> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'lastgood-ssh-'));
  try {
    const { args, env } = clientFor(login, folder);
    const child = spawn('ssh', [...args, command], { env, stdio: ['pipe', 'pipe', 'pipe'] });
    const texts = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (texts.stdout += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (texts.stderr += chunk));
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    const exitCode = await new Promise<number>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => {
        resolve(code ?? -1);
      });
    });
    return { exitCode, stdout: texts.stdout.trimEnd(), stderr: texts.stderr.trimEnd() };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function clientFor(login: Login, folder: string) {
  const { user, address, port, key, knownHosts, typed = [], options = [] } = login;
  const known = path.join(folder, 'known_hosts');
  const lines = knownHosts?.join('\n') ?? readFileSync(realHosts().knownHosts, 'utf8');
  writeFileSync(known, `${lines}\n`);
  const identity =
    key === null ? ['-o', 'PubkeyAuthentication=no'] : ['-i', key ?? realHosts().keys.lab];
  const args = [
    ...['-F', 'none', '-o', `UserKnownHostsFile=${known}`, '-o', 'GlobalKnownHostsFile=none'],
    ...['-o', 'StrictHostKeyChecking=yes', '-o', 'IdentitiesOnly=yes', '-o', 'ControlPath=none'],
    ...['-o', `BatchMode=${typed.length === 0 ? 'yes' : 'no'}`, '-o', 'NumberOfPasswordPrompts=1'],
    ...[...identity, ...options, '-p', String(port), `${user}@${address}`],
  ];
  return { args, env: { PATH: process.env['PATH'], HOME: folder, ...typist(folder, typed) } };
}

/** Answers prompt after prompt with the next line of a file. */
function typist(folder: string, typed: readonly string[]) {
  const program = path.join(folder, 'typist');
  const answers = path.join(folder, 'answers');
  writeFileSync(answers, typed.map((line) => `${line}\n`).join(''));
  writeFileSync(program, `#!/bin/sh\nhead -n 1 '${answers}'\nsed -i 1d '${answers}'\n`);
  chmodSync(program, 0o700);
  return { SSH_ASKPASS: program, SSH_ASKPASS_REQUIRE: 'force' };
}

/** What a program of this machine says. */
export async function said(program: string, ...args: readonly string[]): Promise<string> {
  return (await execute(program, args)).stdout.trim();
}
