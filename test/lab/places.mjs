/** Where the lab keeps what it made. Outside the checkout, so that a fresh clone re-uses it. */
import { homedir } from 'node:os';
import { join } from 'node:path';

export const isRoot = process.getuid?.() === 0;

/** Root makes the lab for the ordinary test user, so its folders lie where that user may look. */
const cacheHome = isRoot
  ? '/var/cache/lastgood'
  : join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'lastgood');

export const labHome = process.env['LASTGOOD_LAB_HOME'] ?? join(cacheHome, 'lab');

export const engine = {
  dataRoot: join(labHome, 'docker-data'),
  runtimeFolder: '/run/lastgood-lab',
  execRoot: '/run/lastgood-lab/exec',
  pidFile: '/run/lastgood-lab/dockerd.pid',
  socket: '/run/lastgood-lab/docker.sock',
  log: join(labHome, 'dockerd.log'),
  bridge: 'lastgoodlab0',
  bridgeAddress: '172.31.249.1/24',
};

/** The second engine, which is a swarm's manager. */
export const swarm = {
  dataRoot: join(labHome, 'swarm-data'),
  runtimeFolder: '/run/lastgood-swarm',
  execRoot: '/run/lastgood-swarm/exec',
  pidFile: '/run/lastgood-swarm/dockerd.pid',
  socket: '/run/lastgood-swarm/docker.sock',
  log: join(labHome, 'swarm-dockerd.log'),
  namespace: 'lastgood-swarm',
  link: 'lastgoodswarm0',
  bridgeAddress: '172.31.247.1/24',
  hostAddress: '172.31.248.1',
  /** Where the ports that its services publish answer. */
  address: '172.31.248.2',
};

/** What the lab's machines are made from and known by. */
export const hosts = {
  packages: join(labHome, 'debian-packages'),
  /** Keys and passwords, made once on each machine. Nothing in it opens anything but the lab. */
  keys: join(labHome, 'host-keys'),
};
