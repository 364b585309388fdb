import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandLine } from '../../scripts/lib/command-line.mjs';

/** @typedef {import('../lib/measure.mjs').Contestant} Contestant */

const here = (/** @type {string} */ file) => fileURLToPath(new URL(file, import.meta.url));

/**
 * @param {import('./site.mjs').Site} site
 * @param {string} electron
 * @returns {readonly Contestant[]}
 */
export function contestants(site, electron) {
  return [
    lastgood(site, electron),
    document(site, 'script-1s', 'document’s commands, polling each 1 s', '1'),
    document(site, 'script-50ms', 'document’s commands, polling each 50 ms', '0.05'),
    floor(site),
  ];
}

/**
 * For what the document's commands have nothing to say about.
 * @param {import('./site.mjs').Site} site
 * @param {string} electron
 * @returns {readonly Contestant[]}
 */
export const lastgoodAndFloor = (site, electron) => [lastgood(site, electron), floor(site)];

/**
 * As the packaged command line starts: the built program on the product's own runtime, with the data folder of the rounds
 * before, as on an operator's machine.
 * @param {import('./site.mjs').Site} site
 * @param {string} electron
 * @returns {Contestant}
 */
function lastgood({ folder, runbook, targetTag, environment }, electron) {
  const place = ['--runbook', runbook, '--environment', 'staging', '--procedure', 'docker'];
  // The shortest watch: it comes after the moment that counts.
  const way = ['--to', targetTag, '--yes', '--json', '--watch', '0.5s'];
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
        ...environment,
        ELECTRON_RUN_AS_NODE: '1',
        LASTGOOD_HOME: join(folder, 'home'),
      },
    }),
  };
}

/**
 * @param {import('./site.mjs').Site} site
 * @param {string} id
 * @param {string} name
 * @param {string} pollSeconds
 * @returns {Contestant}
 */
function document({ environment }, id, name, pollSeconds) {
  return {
    id,
    name,
    verifiedLine: 'verified',
    exitCodes: [0],
    prepare: async () => ({
      program: 'bash',
      args: [here('./document.sh'), pollSeconds],
      env: environment,
    }),
  };
}

/** @param {import('./site.mjs').Site} site @returns {Contestant} */
function floor(site) {
  const { name, port, socket } = site;
  const replacement = `${name}-replacement`;
  return {
    id: 'floor',
    name: 'floor: replacement made beforehand, stop and start through the API',
    verifiedLine: 'verified',
    exitCodes: [0],
    prepare: async () => {
      await site.createReplacement(replacement);
      const args = [here('./floor.mjs'), socket, name, replacement, String(port)];
      return { program: process.execPath, args, env: process.env };
    },
  };
}
