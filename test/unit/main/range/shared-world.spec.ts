import http from 'node:http';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { rangeEnvironments } from '../../../../main/range/range-environments.js';
import { createRange } from '../../../../main/range/range.js';
import { builtIn, openPractice, temporaryFolder } from './practice.js';

/** Another console of the same user, with a data folder of its own. */
async function otherConsole(socketFolder: string) {
  const range = createRange({ folder: path.join(await temporaryFolder(), 'range'), socketFolder });
  onTestFinished(() => range.close());
  return rangeEnvironments(range);
}

const taken = { isNewRun: false, faults: [], procedureId: 'container' };

describe('a practice run that another console takes up', () => {
  it('goes on in the world it began in while that is alive', async () => {
    const { environment: recorded, folder } = await openPractice();
    const other = await otherConsole(folder);
    expect(await other.open(builtIn, 'practice', { ...taken, recorded })).toEqual(recorded);
  });

  it('goes on in a world of its own when the other is gone', async () => {
    const { environment: recorded, folder, range } = await openPractice();
    await range.close();
    const other = await otherConsole(folder);
    const opened = await other.open(builtIn, 'practice', { ...taken, recorded });
    expect(opened.engines[0]?.socket).not.toBe(recorded.engines[0]?.socket);
  });

  it('never reaches an engine that is not a practice world, whatever is on record', async () => {
    const { environment, folder } = await openPractice();
    const place = path.join(folder, 'real');
    await mkdir(place);
    const socket = path.join(place, 'docker.sock');
    let requests = 0;
    const real = http.createServer(() => (requests += 1));
    await new Promise<void>((resolve) => real.listen(socket, resolve));
    onTestFinished(async () => {
      await new Promise((resolve) => real.close(resolve));
      await rm(place, { recursive: true, force: true });
    });
    const other = await otherConsole(folder);
    const engines = environment.engines.map((engine) => ({ ...engine, socket }));
    const forged = { ...environment, engines };
    const opened = await other.open(builtIn, 'practice', { ...taken, recorded: forged });
    expect(opened.engines[0]?.socket).not.toBe(socket);
    const elsewhere = { ...environment, url: 'http://example.org:80' };
    const again = await other.open(builtIn, 'practice', { ...taken, recorded: elsewhere });
    expect(again.url).toMatch(/^http:\/\/127\.0\.0\.1:/);
    expect(requests).toBe(0);
  });
});
