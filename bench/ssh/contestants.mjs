import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandLine } from '../../scripts/lib/command-line.mjs';
import { TARGET } from './site.mjs';

/** @typedef {import('../lib/measure.mjs').Contestant} Contestant */
/** @typedef {import('./site.mjs').Site} Site */
/** @typedef {import('./site.mjs').Distance} Distance */
/** @typedef {import('./site.mjs').Procedure} Procedure */

const here = (/** @type {string} */ file) => fileURLToPath(new URL(file, import.meta.url));

/**
 * @param {Site} site
 * @param {Distance} host
 * @param {string} electron
 * @returns {readonly Contestant[]}
 */
export function systemdContestants(site, host, electron) {
  const env = site.environment(host, 'systemd');
  return [
    lastgood(site, host, 'systemd', electron),
    script('script-1s', 'document’s commands, polling each 1 s', './document.sh', ['1'], env),
    script(
      'script-50ms',
      'document’s commands, polling each 50 ms',
      './document.sh',
      ['0.05'],
      env,
    ),
    capistrano(site, env),
    ansible(site, env),
    floor(site, host, 'systemd'),
  ];
}

/**
 * @param {Site} site
 * @param {string} electron
 * @returns {readonly Contestant[]}
 */
export function gitContestants(site, electron) {
  const env = site.environment('near', 'git');
  return [
    lastgood(site, 'git', 'git', electron),
    script(
      'document',
      'document’s order: stop, build in place, start',
      './git-document.sh',
      [],
      env,
    ),
    floor(site, 'near', 'git'),
  ];
}

/**
 * As the packaged command line starts: the built program on the product's own runtime.
 * @param {Site} site
 * @param {Distance | 'git'} environment of the runbook
 * @param {Procedure} procedure
 * @param {string} electron
 * @returns {Contestant}
 */
function lastgood({ folder, runbook, sshConfig }, environment, procedure, electron) {
  const place = ['--runbook', runbook, '--environment', environment, '--procedure', procedure];
  // The shortest watch: it comes after the moment that counts.
  // Kept from round to round, as on an operator's machine: the round that does not count is its first start.
  const home = mkdtempSync(join(folder, 'home-'));
  const way = ['--to', TARGET, '--yes', '--json', '--watch', '0.5s'];
  return {
    id: 'lastgood',
    name: 'Lastgood',
    verifiedLine: 'The target serves and its checks passed.',
    // 1 as well: a watch this short may end as inconclusive, long after all was verified.
    exitCodes: [0, 1],
    prepare: async () => ({
      program: electron,
      args: [...commandLine, 'drill', ...place, ...way],
      env: {
        ...process.env,
        ELECTRON_RUN_AS_NODE: '1',
        LASTGOOD_HOME: home,
        LASTGOOD_SSH_CONFIG: sshConfig,
      },
    }),
  };
}

/**
 * @param {string} id
 * @param {string} name
 * @param {string} file
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Contestant}
 */
function script(id, name, file, args, env) {
  return {
    ...{ id, name, verifiedLine: 'verified', exitCodes: [0] },
    prepare: async () => ({ program: 'bash', args: [here(file), ...args], env }),
  };
}

/** @param {Site} site @param {NodeJS.ProcessEnv} env @returns {Contestant} */
function capistrano({ folder }, env) {
  const project = join(folder, 'capistrano');
  mkdirSync(join(project, 'config/deploy'), { recursive: true });
  cpSync(here('./capistrano/Capfile'), join(project, 'Capfile'));
  cpSync(here('./capistrano/deploy.rb'), join(project, 'config/deploy.rb'));
  for (const host of ['near', 'far']) {
    writeFileSync(join(project, `config/deploy/${host}.rb`), `server '${host}', roles: %w[app]\n`);
  }
  return script('capistrano', 'Capistrano deploy:rollback', './capistrano.sh', [project], env);
}

/** @param {Site} site @param {NodeJS.ProcessEnv} env @returns {Contestant} */
function ansible({ folder, sshConfig }, env) {
  return script('ansible', 'Ansible playbook', './ansible.sh', [], {
    ...env,
    HOME: folder,
    ANSIBLE_SSH_ARGS: `-F ${sshConfig}`,
    ANSIBLE_PYTHON_INTERPRETER: '/usr/bin/python3',
    LC_ALL: 'C.UTF-8',
  });
}

/**
 * @param {Site} site
 * @param {Distance} host
 * @param {Procedure} procedure
 * @returns {Contestant}
 */
function floor(site, host, procedure) {
  const unit = procedure === 'git' ? 'lab-git' : 'lab-service';
  return {
    id: 'floor',
    name: 'floor: target in place beforehand, one restart',
    verifiedLine: 'verified',
    exitCodes: [0],
    prepare: async () => {
      // The connection stands as well before anything is measured.
      await site.over(host, putInPlace[procedure]);
      const port = site.environment(host, procedure).SERVICE;
      const args = [here('./floor.mjs'), site.sshConfig, host, unit, port];
      return { program: process.execPath, args, env: process.env };
    },
  };
}

const putInPlace = {
  systemd: `ln -sfn /opt/lab-service/releases/${TARGET} /opt/lab-service/current`,
  git: `cd /opt/lab-git && git checkout -q ${TARGET} && npm ci && npm run build`,
};
