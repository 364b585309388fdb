import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDockerAdapter } from '../../main/connections/docker-adapter.js';
import { siblingsOf } from '../../main/steps/docker/siblings.js';
import { newPlace } from './docker-procedure.js';
import type { Place } from './docker-procedure.js';
import { sweep } from './replace-settings.js';
import { dockerCommand, realEngine } from './real-engine.js';

const { signal } = new AbortController();
const image = 'lab-service:v1.1.0';
let place: Place;

beforeEach(() => {
  place = newPlace(29_570);
});
afterEach(() => sweep(place.name));

test('names the others of a service by the runbook’s label and by Compose’s, each once, and none that is down', async () => {
  const { name } = place;
  const label = ['--label', `lastgood.test=${name}`];
  const project = ['--label', `com.docker.compose.project=${name}`];
  const compose = [...project, '--label', 'com.docker.compose.service=web'];
  const run = (suffix: string, ...options: readonly string[]): Promise<string> =>
    dockerCommand('run', '--detach', '--name', `${name}${suffix}`, ...options, image);
  await run('', ...label, ...compose);
  await run('-2', ...label, ...compose);
  await run('-3', ...label);
  await run('-4', ...compose);
  await run('-5', ...project, '--label', 'com.docker.compose.service=other');
  await dockerCommand('create', '--name', `${name}-6`, ...label, image);

  const port = createDockerAdapter(realEngine().socket);
  const chosen = (await port.container(name, signal))!;
  expect(await siblingsOf(port, chosen, `lastgood.test=${name}`, signal)).toEqual([
    `${name}-2`,
    `${name}-3`,
    `${name}-4`,
  ]);
  expect(await siblingsOf(port, chosen, null, signal)).toEqual([`${name}-2`, `${name}-4`]);
});
