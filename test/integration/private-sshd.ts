import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';

export type KeyType = 'ed25519' | 'ecdsa' | 'rsa';

export type PrivateSshd = {
  readonly port: number;
  readonly folder: string;
  /** Paths of the private halves. */
  readonly hostKeys: readonly string[];
  /** The processes that serve connections now, without the one that listens. */
  readonly sessions: () => readonly number[];
  readonly stop: () => Promise<void>;
};

export type SshdOptions = {
  readonly hostKeyTypes?: readonly KeyType[];
  /** Existing host keys instead of new ones. */
  readonly hostKeys?: readonly string[];
  /** Public halves that may log in. */
  readonly authorized: readonly string[];
  readonly port?: number;
  readonly lines?: readonly string[];
};

/** Debian's own sshd on a port of its own; lets in the account the tests run as. */
export async function startSshd(options: SshdOptions): Promise<PrivateSshd> {
  const folder = mkdtempSync(path.join(tmpdir(), 'lastgood-sshd-'));
  const types = options.hostKeyTypes ?? ['ed25519'];
  const hostKeys =
    options.hostKeys ?? types.map((type) => makeKey(path.join(folder, `host-${type}`), type));
  const port = options.port ?? (await freePort());
  const authorized = path.join(folder, 'authorized');
  writeFileSync(authorized, options.authorized.map((file) => readFileSync(file, 'utf8')).join(''));
  const home = path.join(folder, 'home');
  mkdirSync(home);
  const config = path.join(folder, 'config');
  const lines = [
    // The first value of an option counts, so a test's own come first.
    ...(options.lines ?? []),
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    ...hostKeys.map((file) => `HostKey ${file}`),
    'PidFile none',
    'UsePAM no',
    'StrictModes no',
    'PermitRootLogin yes',
    'MaxStartups 100',
    `AuthorizedKeysFile ${authorized}`,
    // What this account's own profile begins, and leaves half done when its shell is ended, is nobody's business here.
    `SetEnv HOME=${home}`,
  ];
  writeFileSync(config, `${lines.join('\n')}\n`);
  if (userInfo().uid === 0) {
    mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  }
  const server = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', config], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => {
    server.once('exit', () => {
      resolve();
    });
  });
  await listening(server.stderr, ended);
  const { pid } = server;
  return {
    port,
    folder,
    hostKeys,
    sessions: () => descendants(pid).filter(isServer),
    stop: async () => {
      for (const each of descendants(pid)) {
        endProcess(each);
      }
      server.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A new key pair; answers with the path of the private half. */
export function makeKey(file: string, type: KeyType = 'ed25519', passphrase = ''): string {
  execFileSync('ssh-keygen', [
    '-q',
    '-t',
    type,
    '-N',
    passphrase,
    '-C',
    path.basename(file),
    '-f',
    file,
  ]);
  return file;
}

export function publicLine(keyFile: string): string {
  return readFileSync(`${keyFile}.pub`, 'utf8').trim().split(' ').slice(0, 2).join(' ');
}

/** As `ssh-keygen` says it, not we. */
export function fingerprint(keyFile: string): string {
  return execFileSync('ssh-keygen', ['-l', '-f', `${keyFile}.pub`], { encoding: 'utf8' }).split(
    ' ',
  )[1]!;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function listening(stderr: NodeJS.ReadableStream, ended: Promise<void>): Promise<void> {
  let said = '';
  const heard = new Promise<void>((resolve) => {
    stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('Server listening on')) {
        resolve();
      }
    });
  });
  const gone = ended.then(() => {
    throw new Error(`sshd ended: ${said}`);
  });
  await Promise.race([heard, gone]);
  gone.catch(() => undefined);
}

function descendants(root: number | undefined): readonly number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((each) => /^\d+$/.test(each))) {
    try {
      const text = readFileSync(`/proc/${name}/stat`, 'utf8');
      parents.set(Number(name), Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // It has just ended.
    }
  }
  const isBelow = (pid: number): boolean => {
    const parent = parents.get(pid);
    return parent !== undefined && (parent === root || isBelow(parent));
  };
  return [...parents.keys()].filter(isBelow);
}

/** Not the commands: one of those that ends is no line that breaks. */
function isServer(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('sshd');
  } catch {
    return false;
  }
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has just ended.
  }
}
