import { readFileSync, rmSync } from 'node:fs';
import { run } from './command.mjs';

/** Takes a folder away with everything that is still mounted below it: an engine that was killed leaves its mounts behind. @param {string} folder */
export async function removeFolder(folder) {
  const mounted = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((place) => place.startsWith(`${folder}/`));
  for (const place of mounted.reverse()) {
    await run('umount', ['--lazy', place]);
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}
