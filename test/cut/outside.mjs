/** What really happened to a machine, seen past every SSH and by its own programs. */

/** @typedef {import('../lab/hosts/machine.mjs').Machine} Machine */
/** @typedef {'systemd' | 'pm2' | 'git'} Procedure */
/** @typedef {{ starts: number, stops: number, switches: number, analyses: number }} Acts */

const unitOf = { systemd: 'lab-service', git: 'lab-git', pm2: 'pm2-pm2user' };

/** @param {Machine} machine @param {string} script */
const shell = (machine, script) => machine.run('sh', '-c', `set -eu\n${script}`);

/**
 * Writes down every time the link or HEAD is exchanged: the kernel tells, so that two changes that end alike are two.
 * @param {Machine} machine
 */
export async function keepWitness(machine) {
  const watcher = `const { watch, appendFileSync } = require('node:fs');
for (const [folder, name] of [['/opt/lab-service', 'current'], ['/opt/lab-pm2', 'current'], ['/opt/lab-git/.git', 'HEAD']]) {
  watch(folder, (event, changed) => { if (event === 'rename' && changed === name) appendFileSync('/var/log/switches', folder + '\\n'); });
}`;
  await shell(
    machine,
    `true >/var/log/switches
printf %s '${watcher.replaceAll("'", "'\\''")}' >/root/watcher.cjs
systemd-run --quiet --unit=switch-witness node /root/watcher.cjs
# Whatever the tests do in a row, systemd is not to refuse a start for it.
for unit in lab-service lab-git; do
  mkdir -p "/etc/systemd/system/$unit.service.d"
  printf '[Unit]\\nStartLimitIntervalSec=0\\n[Service]\\nExecStopPost=/bin/sleep 0.5\\n' >"/etc/systemd/system/$unit.service.d/cut.conf"
done
systemctl daemon-reload`,
  );
}

/** Since the machine booted. @param {Machine} machine @param {Procedure} procedure @returns {Promise<Acts>} */
export async function actsOn(machine, procedure) {
  const unit = unitOf[procedure];
  const folders = { systemd: '/opt/lab-service', pm2: '/opt/lab-pm2', git: '/opt/lab-git/.git' };
  const ofUnit = `starts=$(journalctl -u ${unit} -o cat | grep -c '^Started ' || :)
stops=$(journalctl -u ${unit} -o cat | grep -c '^Stopped ' || :)
analyses=$(journalctl -u ${unit} -o cat | grep -c 'analysis .* started' || :)`;
  const ofApp = `starts=$(grep -c 'App \\[lab-pm2:[0-9]*\\] starting' /home/pm2user/.pm2/pm2.log || :)
stops=$(grep -c 'App \\[lab-pm2:[0-9]*\\] exited' /home/pm2user/.pm2/pm2.log || :)
analyses=$(cat /home/pm2user/.pm2/logs/* | grep -c 'analysis .* started' || :)`;
  const text = await shell(
    machine,
    `${procedure === 'pm2' ? ofApp : ofUnit}
switches=$(grep -cx '${folders[procedure]}' /var/log/switches || :)
echo "$starts $stops $switches $analyses"`,
  );
  const [starts = 0, stops = 0, switches = 0, analyses = 0] = text.split(' ').map(Number);
  return { starts, stops, switches, analyses };
}

/** Which version is in place and whether it runs. @param {Machine} machine @param {Procedure} procedure */
export async function placeOf(machine, procedure) {
  const looks = {
    systemd: `readlink /opt/lab-service/current; systemctl is-active lab-service || :`,
    pm2: `readlink /opt/lab-pm2/current; runuser -u pm2user -- env HOME=/home/pm2user pm2 jlist | grep -o '"status":"[a-z]*"' | head -n 1`,
    git: `git config --global --replace-all safe.directory '*'; git -C /opt/lab-git rev-parse HEAD; systemctl is-active lab-git || :`,
  };
  return (await shell(machine, looks[procedure])).replaceAll('\n', ' ');
}

/** @param {Machine} machine @param {Procedure} procedure @returns {Promise<string>} */
export async function served(machine, procedure) {
  try {
    const answer = await fetch(`http://127.0.0.1:${machine.ports[procedure]}/health`, {
      signal: AbortSignal.timeout(3_000),
    });
    return JSON.parse(await answer.text()).version;
  } catch {
    return 'nothing';
  }
}

/** What a console put on the host and should have taken away. @param {Machine} machine */
export const leftBehind = (machine) =>
  shell(
    machine,
    `find / -xdev -path /proc -prune -o -path /opt/lab-git -prune -o -name '*[l]astgood*' -print; systemctl list-units --all --plain --no-legend '[l]astgood*'`,
  );

/** What one run left is not to be taken for the next one's. @param {Machine} machine */
export const sweep = (machine) =>
  shell(
    machine,
    'rm -rf /root/.cache/lastgood /home/*/.cache/lastgood /root/.local/share/lastgood',
  );
