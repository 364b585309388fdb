import type { Machine } from '../lab/hosts/machine.mjs';

/** Every one of the lab's three deployments: what it is and what serves, seen by the machine's own programs. */
export type Procedure = 'systemd' | 'pm2' | 'git';

const shell = (machine: Machine, script: string): Promise<string> =>
  machine.run('sh', '-c', `set -eu\n${script}`);

const asOwner = (owner: string): string => `runuser -u ${owner} -- env HOME=/home/${owner}`;

/** A process list as far as it is the same again after the same app was put back; numbers and times are not. */
const listed = `const apps = JSON.parse(require("node:fs").readFileSync(0, "utf8").split("\\n").find((line) => line.startsWith("[")));
for (const { name, pid, pm2_env: own } of apps) {
  const cwd = require("node:fs").readlinkSync("/proc/" + pid + "/cwd");
  console.log([name, own.status, own.RELEASE, own.pm_cwd, cwd, own.pm_exec_path, own.node_args, own.kill_timeout, own.exec_mode].join(" "));
}`;

/** Every process of a unit: whose it is, where it really stands, and what it is. */
const processesOf = (unit: string): string =>
  `ps -eo unit=,pid=,user=,args= | while read -r unit pid who args; do
  [ "$unit" != ${unit}.service ] || echo "$who $(readlink "/proc/$pid/cwd") $args"
done`;

const looks: Record<Procedure, string> = {
  systemd: `stat -c '%U:%G %N' /opt/lab-service/current
ls -A /opt/lab-service
find /opt/lab-service -printf '%p %u:%g %m\\n' | sort
sha256sum /opt/lab-service/releases/*/.env
systemctl show lab-service --property ActiveState,SubState,UnitFileState,NRestarts
${processesOf('lab-service')}`,
  pm2: `stat -c '%U:%G %N' /opt/lab-pm2/current
ls -A /opt/lab-pm2
${asOwner('pm2user')} pm2 jlist | ${asOwner('pm2user')} node -e '${listed}'
sha256sum /home/pm2user/.pm2/dump.pm2
systemctl is-active pm2-pm2user`,
  git: `cd /opt/lab-git
git() { ${asOwner('deploy')} git --no-optional-locks "$@"; }
git symbolic-ref --quiet --short HEAD || echo detached
git rev-parse HEAD
git status --short
git worktree list
git branch --list
find . -path ./.git -prune -o -type f -exec sha256sum {} + | sort -k 2
find . -printf '%u:%g\\n' | sort -u
systemctl show lab-git --property ActiveState,SubState,UnitFileState,NRestarts
${processesOf('lab-git')}`,
};

/** Everything about a deployment that a rollback changes or must not change. */
export async function sightOf(machine: Machine, procedure: Procedure): Promise<string> {
  return `${await shell(machine, looks[procedure])}\nserves ${await servedVersion(machine, procedure)}`;
}

const isUp = 'NRestarts=0\nActiveState=active\nSubState=running';

/** What each procedure leaves on the host when v1.1.0 serves, in words of `sightOf`. */
export const arrived: Record<Procedure, readonly (string | RegExp)[]> = {
  systemd: ["lab:lab '/opt/lab-service/current' -> '/opt/lab-service/releases/v1.1.0'", isUp],
  pm2: [
    "pm2user:pm2user '/opt/lab-pm2/current' -> '/opt/lab-pm2/releases/v1.1.0'",
    'lab-pm2 online 1.1.0 /opt/lab-pm2/current /opt/lab-pm2/releases/v1.1.0 ',
    /^active$/mu,
  ],
  git: [/^detached$/mu, `deploy:deploy\n${isUp}`],
};

export async function servedVersion(machine: Machine, procedure: Procedure): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${machine.ports[procedure]}/health`);
  const { version } = (await answer.json()) as { version: string };
  return version;
}

/** What a console puts on a host for its jobs and its lock; a work tree that undo needs is not of these. */
export function leftBehind(machine: Machine): Promise<string> {
  // So written that what looks does not find itself.
  const files = `find / -xdev -path /proc -prune -o -path /opt/lab-git -prune -o -name '*[l]astgood*' -print`;
  const units = `systemctl list-units --all --plain --no-legend '[l]astgood*'`;
  return shell(machine, `${files}; ${units}; ps -eo args= | grep '[l]astgood' || :`);
}

const startsCounted: Record<Procedure, string> = {
  systemd: `journalctl -u lab-service -o cat | grep -c '^Started '`,
  git: `journalctl -u lab-git -o cat | grep -c '^Started '`,
  pm2: `grep -c 'App \\[lab-pm2:[0-9]*\\] starting' /home/pm2user/.pm2/pm2.log`,
};

/** Since the machine booted, which is the first. */
export async function startsOf(machine: Machine, procedure: Procedure): Promise<number> {
  return Number(await shell(machine, startsCounted[procedure]));
}

/** From now on the units need seconds to stop, so that there is a middle of a cutover to be hit. */
export function makeStopsSlow(machine: Machine): Promise<string> {
  return shell(
    machine,
    `for unit in lab-service lab-git; do
  mkdir -p "/etc/systemd/system/$unit.service.d"
  printf '[Service]\\nExecStopPost=/bin/sleep 2\\n' >"/etc/systemd/system/$unit.service.d/slow.conf"
done
systemctl daemon-reload`,
  );
}

/** systemd refuses the sixth start of a unit within ten seconds, whoever asked for it. */
export function forgetStarts(machine: Machine): Promise<string> {
  return shell(machine, 'systemctl reset-failed lab-service lab-git');
}

/** From now on every call of systemctl is written down, before it is made. */
export async function listenToSystemctl(machine: Machine): Promise<void> {
  const listener = `#!/bin/sh
echo "$*" >>/var/log/systemctl-calls
exec /usr/bin/systemctl "$@"`;
  const lay = 'printf %s "$1" >/usr/local/bin/systemctl && chmod 755 /usr/local/bin/systemctl';
  await machine.run(
    'sh',
    '-c',
    `${lay} && install -m 666 /dev/null /var/log/systemctl-calls`,
    'lay',
    listener,
  );
}

export async function askedOfSystemctl(machine: Machine): Promise<readonly string[]> {
  return (await machine.run('cat', '/var/log/systemctl-calls')).split('\n');
}
