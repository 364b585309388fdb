/**
 * A real PostgreSQL of the distribution, on loopback, in a folder of its own: as many as tests want. The data folder is
 * made once and copied, because `initdb` and the rows take seconds.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, until } from '../command.mjs';
import { rememberPasswords } from '../known-passwords.mjs';
import { isRoot, labHome } from '../places.mjs';
import { ensureTestUser } from '../test-user.mjs';
import { makeCertificates } from './certificates.mjs';

/**
 * @typedef {{
 *   folder: string, port: number, bin: string, major: number, socketFolder: string,
 *   ca: string, otherCa: string, adminPassword: string, password: string,
 *   pid: number,
 * }} Cluster
 * @typedef {{ uid: number, gid: number } | null} Account
 */

const rows = 500;
/** They open nothing but the lab's databases, and tests look for them where they must not be. */
export const passwords = { admin: 'lab-admin-7f3Kq:\\zT', app: "lab-app-w8'Hn:2x" };
const sqlFolder = import.meta.dirname;

/** Where the newest server of the distribution has its programs. */
export function serverPrograms() {
  const root = '/usr/lib/postgresql';
  const majors = existsSync(root)
    ? readdirSync(root)
        .map(Number)
        .filter((one) => one > 0)
    : [];
  const major = majors
    .sort((left, right) => right - left)
    .find((one) => existsSync(`${root}/${one}/bin/initdb`));
  if (major === undefined) {
    throw new Error('No PostgreSQL server is installed: apt-get install postgresql');
  }
  return { major, bin: `${root}/${major}/bin` };
}

/** The server refuses to run as root. @returns {Promise<Account>} */
const accountForServer = async () => (isRoot ? await ensureTestUser() : null);

/**
 * Starts a cluster of its own; `stopCluster` ends it and removes its folder.
 * @param {{ folder?: string, isOther?: boolean }} [options] `isOther`: with an identity of its own, which a copy has not
 * @returns {Promise<Cluster>}
 */
export async function startCluster(options = {}) {
  const { bin, major } = serverPrograms();
  const account = await accountForServer();
  const template = await ensureTemplate(bin, major, account);
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'lastgood-pg-'));
  mkdirSync(folder, { recursive: true });
  own(folder, account);
  chmodSync(folder, 0o755);
  if (options.isOther === true) {
    await makeTemplate(folder, bin, account);
  } else {
    await run('cp', ['-a', `${template}/data`, `${template}/tls`, folder]);
  }
  const port = await freePort();
  const log = join(folder, 'server.log');
  const settings = ['-c', `port=${port}`, '-c', `unix_socket_directories=${folder}`];
  const child = spawn(join(bin, 'postgres'), ['-D', join(folder, 'data'), ...settings], {
    ...identity(account),
    cwd: folder,
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  child.unref();
  const pid = child.pid ?? 0;
  await until(() => answers(bin, port), {
    what: `PostgreSQL on port ${port} (${log})`,
    timeoutMs: 20_000,
  });
  return {
    folder,
    port,
    bin,
    major,
    pid,
    socketFolder: folder,
    ca: join(folder, 'tls', 'ca.pem'),
    otherCa: join(folder, 'tls', 'other-ca.pem'),
    adminPassword: passwords.admin,
    password: passwords.app,
  };
}

/** @param {Pick<Cluster, 'pid' | 'folder'>} cluster */
export async function stopCluster({ pid, folder }) {
  signal(pid, 'SIGQUIT');
  await until(() => !signal(pid, 0), { what: 'The end of PostgreSQL', timeoutMs: 20_000 });
  rmSync(folder, { recursive: true, force: true });
}

/** @param {number} pid @param {NodeJS.Signals | 0} name */
function signal(pid, name) {
  try {
    process.kill(pid, name);
    return true;
  } catch {
    return false;
  }
}

/**
 * PgBouncer before it.
 * @param {Cluster} cluster
 * @param {'transaction' | 'session' | 'statement'} mode
 */
export async function startPooler({ folder, port }, mode) {
  const account = await accountForServer();
  const own = await freePort();
  const file = join(folder, `pgbouncer-${mode}.ini`);
  const users = join(folder, 'pgbouncer-users.txt');
  writeFileSync(users, `"app" "${passwords.app}"\n`, { mode: 0o644 });
  writeFileSync(
    file,
    `[databases]\n* = host=127.0.0.1 port=${port}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = ${own}\nunix_socket_dir =\nauth_type = scram-sha-256\nauth_file = ${users}\npool_mode = ${mode}\nlogfile = ${join(folder, `pgbouncer-${mode}.log`)}\n`,
    { mode: 0o644 },
  );
  const program = '/usr/sbin/pgbouncer';
  const child = spawn(program, [file], { ...identity(account), stdio: 'ignore' });
  await until(() => canConnect(own), { what: `PgBouncer on port ${own}`, timeoutMs: 10_000 });
  return { port: own, stop: () => void child.kill('SIGKILL') };
}

/** The data folder that every server of the lab begins with, and whose it is. Only to be copied. */
export async function clusterTemplate() {
  const { bin, major } = serverPrograms();
  const account = await accountForServer();
  return { template: await ensureTemplate(bin, major, account), account };
}

/** @param {string} bin @param {number} major @param {Account} account */
async function ensureTemplate(bin, major, account) {
  rememberPasswords(Object.values(passwords), account);
  const texts = ['cluster.mjs', 'tradewizard.sql', 'supabase.sql', 'certificates.mjs'];
  const hash = createHash('sha256').update(readFileSync(join(bin, 'postgres')));
  for (const name of texts) {
    hash.update(readFileSync(join(sqlFolder, name)));
  }
  const home = join(labHome, 'database');
  const made = join(home, `${major}-${hash.digest('hex').slice(0, 16)}`);
  if (existsSync(made)) {
    return made;
  }
  mkdirSync(home, { recursive: true });
  own(home, account);
  const making = mkdtempSync(join(home, 'making-'));
  own(making, account);
  await makeTemplate(making, bin, account);
  if (existsSync(made)) {
    rmSync(making, { recursive: true, force: true });
  } else {
    renameSync(making, made);
  }
  return made;
}

/** @param {string} folder @param {string} bin @param {Account} account */
async function makeTemplate(folder, bin, account) {
  const data = join(folder, 'data');
  await run(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'postgres', '-E', 'UTF8', '--locale=C.UTF-8', '--auth=trust'],
    identity(account),
  );
  await makeCertificates(join(folder, 'tls'));
  for (const name of ['server.key', 'server.pem']) {
    copyFileSync(join(folder, 'tls', name), join(data, name));
    own(join(data, name), account);
    chmodSync(join(data, name), 0o600);
  }
  const said = `listen_addresses = '127.0.0.1,::1'\nssl = on\nssl_cert_file = 'server.pem'\nssl_key_file = 'server.key'\nfsync = off\nlogging_collector = on\nlog_directory = '..'\nlog_filename = 'server.log'\nlog_statement = 'all'\nlog_connections = on\nmax_connections = 60\n`;
  writeFileSync(join(data, 'postgresql.auto.conf'), said);
  await run(
    join(bin, 'pg_ctl'),
    [
      '-D',
      data,
      '-w',
      '-l',
      join(folder, 'first.log'),
      '-o',
      `-k ${folder} -c listen_addresses= -c log_directory=${folder}`,
      'start',
    ],
    identity(account),
  );
  try {
    const psql = ['-h', folder, '-U', 'postgres', '-X', '-q', '-v', 'ON_ERROR_STOP=1'];
    /** @param {readonly string[]} more */
    const say = (more) => run(join(bin, 'psql'), [...psql, ...more], identity(account));
    const quoted = (/** @type {string} */ text) => `'${text.replaceAll("'", "''")}'`;
    // Not as an argument nor in the log: tests look for the passwords there.
    const roles = join(folder, 'roles.sql');
    writeFileSync(
      roles,
      `SET log_statement = 'none'; SET standard_conforming_strings = on; ALTER ROLE postgres PASSWORD ${quoted(passwords.admin)}; CREATE ROLE app LOGIN CREATEDB PASSWORD ${quoted(passwords.app)}; CREATE ROLE reader LOGIN PASSWORD 'reader'; CREATE ROLE supabase_admin; GRANT supabase_admin TO app;`,
      { mode: 0o600 },
    );
    own(roles, account);
    await say(['-f', roles]);
    rmSync(roles);
    await say(['-c', 'CREATE DATABASE tradewizard OWNER app']);
    await say(['-c', 'CREATE DATABASE supabase_like OWNER app']);
    await say(['-d', 'tradewizard', '-c', 'ALTER SCHEMA public OWNER TO app']);
    await say([
      '-d',
      'tradewizard',
      '-U',
      'app',
      '-v',
      `rows=${rows}`,
      '-f',
      join(sqlFolder, 'tradewizard.sql'),
    ]);
    await say(['-d', 'supabase_like', '-U', 'postgres', '-f', join(sqlFolder, 'supabase.sql')]);
  } finally {
    await run(join(bin, 'pg_ctl'), ['-D', data, '-w', '-m', 'fast', 'stop'], identity(account));
  }
  writeFileSync(
    join(data, 'pg_hba.conf'),
    'local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\nhost all all ::1/128 scram-sha-256\n',
  );
}

/** @param {Account} account */
const identity = (account) =>
  account === null
    ? {}
    : {
        uid: account.uid,
        gid: account.gid,
        cwd: '/',
        env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' },
      };

/** @param {string} path @param {Account} account */
function own(path, account) {
  if (account !== null) {
    chownSync(path, account.uid, account.gid);
  }
}

/** @returns {Promise<number>} */
const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        resolve(typeof address === 'object' && address !== null ? address.port : 0),
      );
    });
  });

/** @param {string} bin @param {number} port */
const answers = (bin, port) =>
  run(join(bin, 'pg_isready'), ['-q', '-h', '127.0.0.1', '-p', String(port)]).then(
    () => true,
    () => false,
  );

/** @param {number} port @returns {Promise<boolean>} */
async function canConnect(port) {
  const { connect } = await import('node:net');
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
