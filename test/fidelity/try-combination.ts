import { isDeepStrictEqual } from 'node:util';
import { expect, vi } from 'vitest';
import { newPlace } from '../integration/docker-procedure.js';
import type { Driver, Inspected, Place } from '../integration/docker-procedure.js';
import { createDriver } from '../integration/docker-procedure.js';
import { inspected, replace, sweep } from '../integration/replace-settings.js';
import { dockerCommand } from '../integration/real-engine.js';
import { backOf, frontOf, otherOf } from './networks.js';
import { expectedView, viewOf, comparable } from './container-view.js';
import { stopSignals } from './image-defaults.js';
import type { ImageDefaults } from './image-defaults.js';
import type { Combination, Lane } from './combination.js';

const image = 'lab-service:v1.2.0';
const baseOf = (lane: Lane): string => `${lane.name}-base`;
type Which = keyof typeof stopSignals;

/** What a combination finds when it is made. */
export async function openLane(lane: Lane): Promise<void> {
  const halves = [`${lane.subnet}.0/25`, `${lane.subnet}.128/25`];
  for (const [at, network] of [frontOf(lane), backOf(lane)].entries()) {
    await dockerCommand('network', 'create', '--subnet', halves[at] ?? '', network);
  }
  await dockerCommand('create', '--name', baseOf(lane), image);
  for (const [which, stopSignal] of Object.entries(stopSignals)) {
    const name = `${baseOf(lane)}-${which}`;
    await dockerCommand('create', '--name', name, '--stop-signal', stopSignal, image);
  }
  const other = ['--detach', '--name', otherOf(lane), '--ipc', 'shareable', '--volume', '/lent'];
  await dockerCommand('run', ...other, image);
  await dockerCommand('network', 'connect', frontOf(lane), otherOf(lane));
}

export async function closeLane(lane: Lane): Promise<void> {
  await sweep(lane.name, [frontOf(lane), backOf(lane)]);
}

/**
 * Makes the container, replaces it as the procedure does, and compares it by the engine's own inspection with one that the
 * same options make of the new image. Then the product's own check is asked about both, and all is taken back.
 */
export async function tryCombination(lane: Lane, combination: Combination): Promise<void> {
  const place = { ...newPlace(0), name: `${lane.name}-it`, kept: `${lane.name}-it-before` };
  const images = { old: `${lane.name}:old`, next: `${lane.name}:new` };
  try {
    await makeImage(lane, 'old', combination.oldImage);
    await makeImage(lane, 'new', combination.newImage);
    await make(place.name, images.old, combination, combination.settings);
    await bring(place.name, combination.state);
    const old = await inspected(place.name);
    const imageId = await dockerCommand('image', 'inspect', '--format', '{{.Id}}', images.next);
    const isStarted = combination.state !== 'created';
    const { undo, driver } = await replace(place, imageId, { isStarted });
    await expectFaithful(place, images.next, combination, old);
    await check(driver, place.name, place.kept);
    await undo();
    expectAsBefore(await inspected(place.name), old, combination);
    await expectOtherSeen(place, images.next, combination);
  } finally {
    await removeAll(place, images);
  }
}

async function makeImage(
  lane: Lane,
  which: Which,
  { changes, isStoppedOtherwise }: ImageDefaults,
): Promise<void> {
  const lines = changes.flatMap((line) => ['--change', line]);
  const from = isStoppedOtherwise ? `${baseOf(lane)}-${which}` : baseOf(lane);
  await dockerCommand('commit', '--pause=false', ...lines, from, `${lane.name}:${which}`);
}

async function make(
  name: string,
  image: string,
  { command, connects }: Combination,
  settings: Combination['settings'],
): Promise<void> {
  await dockerCommand('create', '--name', name, ...settings.flat(), image, ...command);
  for (const connect of connects) {
    await dockerCommand('network', 'connect', ...connect, name);
  }
}

async function bring(name: string, state: Combination['state']): Promise<void> {
  if (state !== 'created') {
    await dockerCommand('start', name);
  }
  if (state === 'paused') {
    // A kernel that is busy may give up freezing one that has only begun.
    await vi.waitFor(() => dockerCommand('pause', name), { timeout: 20_000 });
  }
  if (state === 'stopped') {
    await dockerCommand('stop', '--time', '5', name);
  }
}

async function expectFaithful(
  place: Place,
  image: string,
  combination: Combination,
  old: Inspected,
): Promise<void> {
  const now = await inspected(place.name);
  expect(now.Id).not.toBe(old.Id);
  const like = `${place.name}-like`;
  await make(like, image, combination, combination.settings);
  const expected = expectedView(viewOf(await inspected(like)), viewOf(old));
  expect(comparable(viewOf(now), expected)).toEqual(expected);
}

/** What the product itself says about the two. */
async function check(driver: Driver, container: string, kept: string): Promise<void> {
  const kind = 'docker.check-settings';
  await driver.run([{ kind, params: { engine: 'docker', container, kept } }], []);
}

function expectAsBefore(again: Inspected, old: Inspected, { state }: Combination): void {
  expect(comparable(viewOf(again), viewOf(old))).toEqual(viewOf(old));
  expect(again.Image).toBe(old.Image);
  expect(again.State).toMatchObject({ Running: old.State.Running, Paused: state === 'paused' });
}

/** A container that lacks one of the settings, by the engine's own account, must not pass for the same. */
async function expectOtherSeen(
  place: Place,
  image: string,
  combination: Combination,
): Promise<void> {
  const { settings, leftOut } = combination;
  const lacking = `${place.name}-lacking`;
  await make(lacking, image, combination, settings.toSpliced(leftOut, 1));
  const [like, seen] = [await inspected(`${place.name}-like`), await inspected(lacking)].map(
    viewOf,
  );
  if (!isDeepStrictEqual(like, seen)) {
    await expect(check(createDriver(), lacking, place.name)).rejects.toMatchObject({
      code: 'DOCKER_SETTINGS_DIFFER',
    });
  }
}

async function removeAll(
  place: Place,
  images: { readonly old: string; readonly next: string },
): Promise<void> {
  const left = await dockerCommand('ps', '--all', '--quiet', '--filter', `name=${place.name}`);
  if (left !== '') {
    await dockerCommand('rm', '--force', '--volumes', ...left.split('\n'));
  }
  for (const reference of [images.old, images.next]) {
    await dockerCommand('image', 'rm', '--force', reference).catch(() => '');
  }
}
