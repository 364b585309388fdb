/** One thing an operator can set, as the engine's own command line takes it and as its inspection shows it. */
export type Setting = {
  readonly name: string;
  readonly options: readonly string[];
  /** Paths into the inspection that must be equal before and after. */
  readonly shows: readonly string[];
};

/** Containers that each carry many settings which do not get in each other's way. */
export type SettingsGroup = {
  readonly title: string;
  /** Where the test's machine may not be allowed to run such a container: it is created, replaced and never started. */
  readonly isNeverStarted?: boolean;
  readonly settings: readonly Setting[];
};

const setting = (name: string, options: string, ...shows: readonly string[]): Setting => ({
  name,
  options: options.split(' ').filter(Boolean),
  shows,
});

const identity: SettingsGroup = {
  title: 'who it is and what it runs',
  settings: [
    {
      name: 'environment with blanks, equal signs, several lines and an empty value',
      options: ['--env', 'A=b c=d', '--env', 'LINES=one\ntwo', '--env', 'EMPTY='],
      shows: ['own environment'],
    },
    setting(
      'an environment variable of the image set anew',
      '--env LAB_MODE=never-healthy',
      'own environment',
    ),
    setting('labels', '--label team=markets --label empty=', 'own labels'),
    setting('host name', '--hostname monitor-1', 'Config.Hostname'),
    setting('domain name', '--domainname example.test', 'Config.Domainname'),
    setting('user', '--user 0:0', 'Config.User'),
    setting('working folder', '--workdir /tmp', 'Config.WorkingDir'),
    setting('stop signal', '--stop-signal SIGINT', 'Config.StopSignal'),
    setting('stop timeout', '--stop-timeout 7', 'Config.StopTimeout'),
    setting('terminal', '--tty', 'Config.Tty'),
    setting('open standard input', '--interactive', 'Config.OpenStdin'),
    setting('restart policy', '--restart on-failure:3', 'HostConfig.RestartPolicy'),
    setting(
      'log driver and its options',
      '--log-driver json-file --log-opt max-size=1m --log-opt max-file=2',
      'HostConfig.LogConfig',
    ),
    setting('init process', '--init', 'HostConfig.Init'),
    setting('further groups', '--group-add 1234', 'HostConfig.GroupAdd'),
    setting(
      'published port on one address',
      '--publish 127.0.0.1:29511:3000',
      'HostConfig.PortBindings',
    ),
    setting('published UDP port', '--publish 127.0.0.1:29512:5353/udp', 'HostConfig.PortBindings'),
    setting('exposed port', '--expose 9090', 'Config.ExposedPorts'),
    setting('runtime', '--runtime runc', 'HostConfig.Runtime'),
    {
      name: 'health check',
      options: [
        ...['--health-cmd', '/usr/bin/node /app/health-check.mjs', '--health-interval', '17s'],
        ...['--health-timeout', '3s', '--health-retries', '5', '--health-start-period', '9s'],
      ],
      shows: ['Config.Healthcheck'],
    },
  ],
};

const limits: SettingsGroup = {
  title: 'how much it may take',
  settings: [
    setting('memory', '--memory 256m', 'HostConfig.Memory'),
    setting('memory and swap', '--memory-swap 512m', 'HostConfig.MemorySwap'),
    setting('memory reservation', '--memory-reservation 128m', 'HostConfig.MemoryReservation'),
    setting('swappiness', '--memory-swappiness 10', 'HostConfig.MemorySwappiness'),
    setting('shared memory', '--shm-size 32m', 'HostConfig.ShmSize'),
    setting('share of the processors', '--cpu-shares 512', 'HostConfig.CpuShares'),
    setting('number of processors', '--cpus 0.5', 'HostConfig.NanoCpus'),
    setting('which processors', '--cpuset-cpus 0', 'HostConfig.CpusetCpus'),
    setting('which memory nodes', '--cpuset-mems 0', 'HostConfig.CpusetMems'),
    setting('number of processes', '--pids-limit 200', 'HostConfig.PidsLimit'),
    setting('out-of-memory score', '--oom-score-adj 321', 'HostConfig.OomScoreAdj'),
    setting('out-of-memory killer off', '--oom-kill-disable', 'HostConfig.OomKillDisable'),
    setting('ulimits', '--ulimit nofile=1024:2048 --ulimit nproc=300', 'HostConfig.Ulimits'),
    setting('control group', '--cgroup-parent /lastgood-settings', 'HostConfig.CgroupParent'),
    setting(
      'read limit of a disk',
      '--device-read-bps /dev/vda:9mb',
      'HostConfig.BlkioDeviceReadBps',
    ),
    setting(
      'write operations of a disk',
      '--device-write-iops /dev/vda:900',
      'HostConfig.BlkioDeviceWriteIOps',
    ),
  ],
};

const rights: SettingsGroup = {
  title: 'what it may do',
  settings: [
    setting('added capabilities', '--cap-add SYS_PTRACE --cap-add NET_ADMIN', 'HostConfig.CapAdd'),
    setting('dropped capabilities', '--cap-drop MKNOD --cap-drop NET_RAW', 'HostConfig.CapDrop'),
    setting('no new privileges', '--security-opt no-new-privileges', 'HostConfig.SecurityOpt'),
    setting(
      'system call filter off',
      '--security-opt seccomp=unconfined',
      'HostConfig.SecurityOpt',
    ),
    setting('read-only root', '--read-only', 'HostConfig.ReadonlyRootfs'),
    setting('kernel settings', '--sysctl net.core.somaxconn=512', 'HostConfig.Sysctls'),
    setting('devices', '--device /dev/null:/dev/nothing:rw', 'HostConfig.Devices'),
    {
      name: 'device rules',
      options: ['--device-cgroup-rule', 'c 1:3 mr'],
      shows: ['HostConfig.DeviceCgroupRules'],
    },
    setting('processes of the host', '--pid host', 'HostConfig.PidMode'),
    setting('memory that others may share', '--ipc shareable', 'HostConfig.IpcMode'),
    setting('user name space of the host', '--userns host', 'HostConfig.UsernsMode'),
    setting('control groups of the host', '--cgroupns host', 'HostConfig.CgroupnsMode'),
    setting('names of other hosts', '--add-host db.internal:10.0.0.9', 'HostConfig.ExtraHosts'),
    setting('name servers', '--dns 10.0.0.53', 'HostConfig.Dns'),
    setting('search domains', '--dns-search example.test', 'HostConfig.DnsSearch'),
    setting('options of the name lookup', '--dns-option ndots:2', 'HostConfig.DnsOptions'),
  ],
};

const privileged: SettingsGroup = {
  title: 'what only a privileged one has',
  isNeverStarted: true,
  settings: [
    setting('all privileges', '--privileged', 'HostConfig.Privileged', 'HostConfig.SecurityOpt'),
    setting('host name of the host', '--uts host', 'HostConfig.UTSMode', 'Config.Hostname'),
    setting('network of the host', '--network host', 'HostConfig.NetworkMode', 'networks'),
    setting(
      'entry point of its own',
      '--entrypoint /usr/bin/node',
      'Config.Entrypoint',
      'Config.Cmd',
    ),
  ],
};

/** Its arguments, after the image. */
export const ownCommand: Readonly<Record<string, readonly string[]>> = {
  [privileged.title]: ['-e', 'setInterval(() => {}, 1000)'],
};

export const plainGroups: readonly SettingsGroup[] = [identity, limits, rights, privileged];

/** Needs a network with fixed addresses, and folders and volumes under this name. */
export function connectedGroup(name: string): SettingsGroup {
  return {
    title: 'where it keeps things and whom it reaches',
    settings: [
      setting('fixed address', `--network ${name}-front --ip 172.31.79.20`, 'networks'),
      setting('fixed IPv6 address', '--ip6 fd00:79::20', 'networks'),
      setting(
        'hardware address',
        '--mac-address 02:0b:ad:c0:ff:ee',
        'Config.MacAddress',
        'hardware address',
      ),
      setting('names in a network', '--network-alias monitor --network-alias watcher', 'networks'),
      setting('link to another', `--link ${name}-other:db`, 'networks'),
      setting('folder of the host, read only', `--volume /usr/share:/shared:ro`, 'own mounts'),
      setting(
        'folder of the host, with a propagation of its own',
        '--mount type=bind,source=/usr/share,target=/alone,bind-propagation=private',
        'own mounts',
      ),
      setting('named volume', `--volume ${name}-data:/data`, 'own mounts', 'volumes'),
      setting(
        'named volume asked for as a mount',
        `--mount type=volume,source=${name}-more,target=/more,readonly`,
        'volumes',
      ),
      setting('anonymous volume', '--volume /anonymous', 'volumes'),
      setting(
        'anonymous volume asked for as a mount',
        '--mount type=volume,target=/nameless',
        'volumes',
      ),
      setting(
        'volumes of another container',
        `--volumes-from ${name}-other:ro`,
        'HostConfig.VolumesFrom',
        'volumes',
      ),
      setting('memory file system', '--tmpfs /scratch:size=1m', 'HostConfig.Tmpfs'),
      setting(
        'memory file system asked for as a mount',
        '--mount type=tmpfs,target=/fast,tmpfs-size=65536',
        'own mounts',
      ),
    ],
  };
}
