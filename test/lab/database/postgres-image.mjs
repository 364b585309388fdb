/**
 * An image with a PostgreSQL server that begins as the official one does: the server is the first process. Made of this
 * machine's own Debian packages and the cluster's template, so nothing is fetched.
 */
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram, run } from '../command.mjs';
import { docker } from '../docker-engine.mjs';
import { clusterTemplate, serverPrograms } from './cluster.mjs';

const REPOSITORY = 'lab-postgres';
const entrypoint = join(import.meta.dirname, 'image', 'entrypoint.sh');

/** What the official Debian image has besides the server, as far as a shell needs it. */
const packages = [
  ...['base-files', 'coreutils', 'dash', 'bash', 'sed', 'grep', 'findutils', 'mawk', 'tar'],
  ...['util-linux', 'procps', 'libc-bin', 'perl-base'],
];
const settings = [
  ...['-c', 'listen_addresses=*', '-c', 'logging_collector=off', '-c', 'log_statement=none'],
  ...['-c', 'hba_file=/etc/postgresql-hba.conf', '-c', 'unix_socket_directories=/tmp'],
];

/**
 * @param {string} socket
 * @returns {Promise<string>} the image's reference
 */
export async function makePostgresImage(socket) {
  const { bin, major } = serverPrograms();
  const { template, account } = await clusterTemplate();
  const hash = createHash('sha256').update(template);
  for (const file of [entrypoint, import.meta.filename]) {
    hash.update(readFileSync(file));
  }
  const reference = `${REPOSITORY}:${hash.digest('hex').slice(0, 16)}`;
  const isThere = await docker(socket, ['image', 'inspect', reference]).then(
    () => true,
    () => false,
  );
  if (isThere) {
    return reference;
  }
  const tree = mkdtempSync(join(tmpdir(), 'lastgood-postgres-'));
  try {
    await fill(tree, bin, major);
    const { uid, gid } = account ?? { uid: 999, gid: 999 };
    writeFileSync(
      join(tree, 'etc/passwd'),
      `root:x:0:0:root:/root:/bin/bash\npostgres:x:${uid}:${gid}::/var/lib/postgresql:/bin/bash\n`,
    );
    writeFileSync(join(tree, 'etc/group'), `root:x:0:\npostgres:x:${gid}:\n`);
    await run('cp', ['-a', join(template, 'data'), join(tree, 'var/lib/postgresql/data')]);
    await run('chown', ['-R', `${uid}:${gid}`, join(tree, 'var/lib/postgresql')]);
    await importTree(socket, tree, reference, bin);
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
  return reference;
}

/** @param {string} tree @param {string} bin @param {number} major */
async function fill(tree, bin, major) {
  const debian = (await run('dpkg', ['-L', ...packages])).split('\n');
  const own = [
    `/usr/lib/postgresql/${major}`,
    `/usr/share/postgresql/${major}`,
    '/usr/share/zoneinfo/Etc',
    '/usr/share/zoneinfo/UTC',
  ];
  const listed = debian.filter(
    (name) =>
      name.startsWith('/') &&
      !/^\/usr\/share\/(doc|man|info|locale|bash-completion|lintian)\//u.test(name),
  );
  const programs = listed.filter((name) => /^(\/usr)?\/s?bin\//u.test(name));
  const servers = ['postgres', 'pg_dump', 'pg_restore', 'psql', 'pg_isready'];
  const libraries = await librariesOf([...programs, ...servers.map((name) => join(bin, name))]);
  const files = [...listed, ...libraries].filter((name) => existsSync(name));
  const list = join(tree, '.list');
  // Each path as the image's own links lead to it: `/bin` is `/usr/bin` by now.
  const real = files.map((name) =>
    name.startsWith('/usr/') || name.startsWith('/etc') ? name : canonical(name),
  );
  writeFileSync(list, [...new Set(real)].map((name) => name.slice(1)).join('\n'));
  mkdirSync(join(tree, 'usr'), { recursive: true });
  await run('bash', [
    ...['-o', 'pipefail', '-c'],
    'tar -C / --no-recursion -T "$1" -c | tar -C "$2" -x && tar -C / -c "${@:3}" | tar -C "$2" -x',
    ...['fill', list, tree, ...own.map((name) => name.slice(1))],
  ]);
  rmSync(list);
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) {
    rmSync(join(tree, name), { recursive: true, force: true });
    await run('ln', ['-s', `usr/${name}`, join(tree, name)]);
  }
  for (const name of [
    'etc',
    'root',
    'proc',
    'sys',
    'dev',
    'run',
    'tmp',
    'var/lib/postgresql',
    'var/tmp',
  ]) {
    mkdirSync(join(tree, name), { recursive: true });
  }
  await run('chmod', ['1777', join(tree, 'tmp'), join(tree, 'var/tmp')]);
  await run('ln', ['-sf', 'dash', join(tree, 'usr/bin/sh')]);
  await run('ln', ['-sf', 'mawk', join(tree, 'usr/bin/awk')]);
  copyFileSync(entrypoint, join(tree, 'usr/bin/entrypoint.sh'));
  writeFileSync(
    join(tree, 'etc/postgresql-hba.conf'),
    'local all all trust\nhost all all all scram-sha-256\n',
  );
}

/** @param {string} name */
function canonical(name) {
  const isUsed = existsSync(`/usr${name}`) && statSync(`/usr${name}`).ino === statSync(name).ino;
  return isUsed ? `/usr${name}` : name;
}

/** @param {readonly string[]} programs */
async function librariesOf(programs) {
  // Scripts have none, which ldd takes for a failure.
  const said = await run('sh', ['-c', 'ldd "$@" 2>/dev/null || :', 'ldd', ...programs]);
  const links = [...said.matchAll(/(\/\S+) \(0x/gu)].map((match) => match[1] ?? '');
  return links.flatMap((link) => [canonical(link), canonical(realpathSync(link))]);
}

/** @param {string} socket @param {string} tree @param {string} reference @param {string} bin */
async function importTree(socket, tree, reference, bin) {
  const changes = [
    `ENV PATH=${bin}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
    'ENTRYPOINT ["/usr/bin/entrypoint.sh"]',
    `CMD ${JSON.stringify(['postgres', '-D', '/var/lib/postgresql/data', ...settings])}`,
  ].flatMap((change) => ['--change', change]);
  await run('bash', [
    ...['-o', 'pipefail', '-c', 'tar -C "$1" -c . | "$2" -H "$3" import "${@:5}" - "$4"'],
    ...[
      'import',
      tree,
      findProgram('docker') ?? 'docker',
      `unix://${socket}`,
      reference,
      ...changes,
    ],
  ]);
}
