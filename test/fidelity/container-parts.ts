import fc from 'fast-check';
import type { Lane, Setting } from './combination.js';
import { otherOf } from './networks.js';
import type { NetworkKind } from './networks.js';

type Part = fc.Arbitrary<Setting>;

/** Everything that fits to each other, each of it there or not. */
export function containerParts(lane: Lane, network: NetworkKind): fc.Arbitrary<readonly Setting[]> {
  const parts = [
    ...described,
    ...limited,
    ...allowed,
    ...mounted(lane),
    ...(network === 'container' ? [] : named),
    ...(network === 'container' ? [] : published(lane)),
    ...(network === 'container' || network === 'host' ? [] : [kernel]),
    health,
    life,
  ];
  return fc
    .tuple(...parts.map((part) => fc.option(part, { freq: 2 })))
    .map((drawn) => drawn.filter((part) => part !== null));
}

const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const constant = (...options: readonly string[]): Part => fc.constant(options);
const oneOf = (option: string, ...values: readonly string[]): Part =>
  fc.constantFrom(...values).map((value) => [option, value]);
const number = (option: string, min: number, max: number, unit = ''): Part =>
  fc.integer({ min, max }).map((drawn) => [option, `${String(drawn)}${unit}`]);
const repeated = (option: string, ...values: readonly string[]): Part =>
  fc
    .subarray([...values], { minLength: 1 })
    .map((drawn) => drawn.flatMap((value) => [option, value]));
/** Names that an image sets too, and others. */
const pairs = (option: string, ...names: readonly string[]): Part =>
  fc
    .tuple(fc.subarray([...names], { minLength: 1 }), text)
    .map(([drawn, value]) => drawn.flatMap((name) => [option, `${name}=${value}`]));

const described: readonly Part[] = [
  pairs('--env', 'SHARED', 'COLOUR', 'ONLY_OLD', 'ONLY_NEW', 'PATH', 'API_KEY'),
  pairs('--env', 'EMPTY', 'LINES', 'LAB_MODE'),
  pairs('--label', 'team', 'version', 'only-new', 'com.example/odd_key'),
  oneOf('--user', '0:0', '1003', '0:1234'),
  oneOf('--workdir', '/tmp', '/usr/share', '/made/by/the engine'),
  oneOf('--stop-signal', 'SIGQUIT', 'SIGTERM'),
  number('--stop-timeout', 0, 30),
  constant('--tty'),
  constant('--interactive'),
  constant('--init'),
  repeated('--group-add', '1234', '42'),
  fc.constantFrom(
    ['--log-driver', 'local', '--log-opt', 'max-size=1m'],
    ['--log-driver', 'json-file', '--log-opt', 'max-size=1m', '--log-opt', 'max-file=2'],
    ['--log-driver', 'json-file', '--log-opt', 'labels=team', '--log-opt', 'tag={{.Name}}'],
    ['--log-driver', 'none'],
  ),
];

const limited: readonly Part[] = [
  fc
    .tuple(fc.integer({ min: 128, max: 512 }), fc.constantFrom('-1', '1g', null))
    .map(([memory, swap]) => [
      ...['--memory', `${String(memory)}m`],
      ...(swap === null ? [] : ['--memory-swap', swap]),
    ]),
  number('--memory-reservation', 32, 100, 'm'),
  number('--memory-swappiness', 0, 100),
  number('--shm-size', 16, 64, 'm'),
  number('--cpu-shares', 2, 2048),
  fc.constantFrom(['--cpus', '0.5'], ['--cpu-period', '50000', '--cpu-quota', '25000']),
  constant('--cpuset-cpus', '0'),
  number('--pids-limit', 100, 1000),
  number('--oom-score-adj', 0, 1000),
  constant('--oom-kill-disable'),
  repeated('--ulimit', 'nofile=1024:2048', 'nproc=300', 'core=0'),
];

const allowed: readonly Part[] = [
  repeated('--cap-add', 'SYS_PTRACE', 'NET_ADMIN', 'SYS_TIME'),
  repeated('--cap-drop', 'MKNOD', 'NET_RAW', 'CHOWN'),
  repeated('--security-opt', 'no-new-privileges', 'seccomp=unconfined', 'label=disable'),
  constant('--read-only'),
  repeated('--device', '/dev/null:/dev/nothing:rw', '/dev/zero:/dev/zeroes:r', '/dev/full'),
  repeated('--device-cgroup-rule', 'c 1:3 mr', 'b 8:* rw'),
  oneOf('--pid', 'host'),
  oneOf('--ipc', 'shareable', 'private', 'host', 'none'),
  oneOf('--userns', 'host'),
  oneOf('--cgroupns', 'host'),
];

/** What a container in another's network has from that. */
const named: readonly Part[] = [
  fc.constantFrom(
    ['--hostname', 'monitor-1'],
    ['--hostname', 'monitor.example.test'],
    ['--hostname', 'monitor-2', '--domainname', 'example.test'],
    ['--uts', 'host'],
  ),
  repeated('--add-host', 'db.internal:10.0.0.9', 'gate:host-gateway', 'six:fd00::9'),
  repeated('--dns', '10.0.0.53', '10.0.0.54'),
  repeated('--dns-search', 'example.test', 'internal'),
  repeated('--dns-option', 'ndots:2', 'rotate'),
];

const kernel: Part = repeated(
  '--sysctl',
  'net.core.somaxconn=512',
  'net.ipv4.ip_unprivileged_port_start=0',
);

/** Ports that an image names as well, and others. */
function published({ firstPort }: Lane): readonly Part[] {
  return [
    fc
      .subarray(['3000', '4001', '4002/udp', '4003/udp', '9090'], { minLength: 1 })
      .map((ports) =>
        ports.flatMap((port, at) => ['--publish', `127.0.0.1:${String(firstPort + at)}:${port}`]),
      ),
    constant('--publish', '127.0.0.1::5000'),
    repeated('--expose', '7000-7002', '7003/udp'),
    constant('--publish-all'),
  ];
}

function mounted(lane: Lane): readonly Part[] {
  const volume = (what: string): string => `${lane.name}-${what}`;
  return [
    fc.constantFrom(
      ['--volume', '/data'],
      ['--volume', `${volume('data')}:/data`],
      ['--volume', '/usr/share:/data:ro'],
      ['--mount', 'type=volume,target=/data'],
      ['--tmpfs', '/data:size=1m'],
    ),
    fc.constantFrom(
      ['--volume', '/data-new'],
      ['--volume', `${volume('new')}:/data-new:ro`],
      ['--mount', `type=volume,source=${volume('new')},target=/data-new,readonly`],
      ['--mount', 'type=tmpfs,target=/data-new,tmpfs-size=65536,tmpfs-mode=700'],
    ),
    fc.constantFrom(
      ['--volume', '/anonymous'],
      ['--volume', '/anonymous/'],
      ['--mount', 'type=volume,target=/anonymous,volume-nocopy'],
      ['--mount', 'type=volume,target=/anonymous/,volume-label=kept=yes'],
    ),
    repeated('--volume', '/usr/share:/shared:ro', '/tmp:/scratch/', `${volume('x')}:/x:nocopy`),
    fc.constantFrom(
      ['--mount', 'type=bind,source=/usr/share,target=/alone,bind-propagation=private'],
      ['--mount', 'type=bind,source=/usr/share,target=/alone,readonly'],
      ['--mount', 'type=bind,source=/usr/share,target=/alone/,bind-nonrecursive'],
    ),
    fc.constantFrom(['--volumes-from', otherOf(lane)], ['--volumes-from', `${otherOf(lane)}:ro`]),
    repeated('--tmpfs', '/fast:size=1m', '/faster'),
  ];
}

const health: Part = fc.oneof(
  constant('--no-healthcheck'),
  fc
    .subarray(
      [
        ['--health-cmd', '/usr/bin/node /app/health-check.mjs'],
        ['--health-interval', '17s'],
        ['--health-timeout', '3s'],
        ['--health-retries', '5'],
        ['--health-start-period', '9s'],
      ],
      { minLength: 1 },
    )
    .map((drawn) => drawn.flat()),
);

const life: Part = fc.constantFrom(
  ['--rm'],
  ['--restart', 'always'],
  ['--restart', 'unless-stopped'],
  ['--restart', 'on-failure'],
  ['--restart', 'on-failure:3'],
);
