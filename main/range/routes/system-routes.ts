import { API_VERSION, MIN_API_VERSION, route } from '../router.js';
import type { Call, Reply, Route } from '../router.js';
import { swarmInfo } from '../swarm/swarm-views.js';

const VERSION = '24.0.7';

export const systemRoutes: readonly Route[] = [
  route('GET', '/_ping', () => ({ status: 200, body: 'OK' })),
  route('HEAD', '/_ping', () => ({ status: 200 })),
  route('GET', '/version', () => ({ status: 200, body: version() })),
  route('GET', '/info', info),
];

function version(): unknown {
  const facts = {
    ApiVersion: API_VERSION,
    MinAPIVersion: MIN_API_VERSION,
    GitCommit: 'practice',
    GoVersion: 'practice',
    Os: 'linux',
    Arch: 'amd64',
    KernelVersion: 'practice',
    BuildTime: '2026-01-01T00:00:00.000000000+00:00',
  };
  return {
    Platform: { Name: 'Practice Engine' },
    Components: [{ Name: 'Engine', Version: VERSION, Details: facts }],
    Version: VERSION,
    ...facts,
  };
}

function info({ engine }: Call): Reply {
  const { containers, images, parts } = engine;
  const running = containers.filter(({ state }) => state.status === 'running').length;
  return {
    status: 200,
    body: {
      ID: parts.world.engineId,
      Containers: containers.length,
      ContainersRunning: running,
      ContainersPaused: 0,
      ContainersStopped: containers.length - running,
      Images: images.all.length,
      Driver: 'overlay2',
      DriverStatus: [],
      SystemTime: new Date(parts.clock.nowMs()).toISOString(),
      LoggingDriver: 'json-file',
      CgroupDriver: 'systemd',
      CgroupVersion: '2',
      KernelVersion: 'practice',
      OperatingSystem: 'Practice Engine',
      OSType: 'linux',
      Architecture: 'x86_64',
      NCPU: 2,
      MemTotal: 4_294_967_296,
      DockerRootDir: '/var/lib/docker',
      Name: 'practice',
      Labels: [],
      ServerVersion: VERSION,
      LiveRestoreEnabled: true,
      Swarm: swarmInfo(parts.world.swarm),
      Warnings: null,
    },
  };
}
