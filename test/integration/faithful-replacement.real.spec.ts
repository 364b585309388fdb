import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectedGroup, ownCommand, plainGroups } from './container-settings.js';
import type { SettingsGroup } from './container-settings.js';
import { newPlace } from './docker-procedure.js';
import type { Inspected, Place } from './docker-procedure.js';
import { imageIdOf, imageSettings, inspected, replace, shown, sweep } from './replace-settings.js';
import type { ImageSettings } from './replace-settings.js';
import { dockerCommand } from './real-engine.js';

const oldImage = 'lab-service:v1.2.0';
const newImage = 'lab-service:v1.1.0';

type Seen = {
  readonly old: Inspected;
  readonly now: Inspected;
  readonly oldImage: ImageSettings;
  readonly newImage: ImageSettings;
};

/** Runs one container with every setting of the group, replaces it, and compares setting by setting. */
function describeGroup(
  { title, settings, isNeverStarted = false }: SettingsGroup,
  place: Place,
  around: { readonly before?: () => Promise<void>; readonly networks?: readonly string[] } = {},
): void {
  describe(`a replaced container keeps ${title}:`, () => {
    let seen: Seen;

    beforeAll(async () => {
      await around.before?.();
      const options = settings.flatMap((setting) => setting.options);
      const command = ownCommand[title] ?? [];
      const how = isNeverStarted ? ['create'] : ['run', '--detach'];
      await dockerCommand(...how, '--name', place.name, ...options, oldImage, ...command);
      const old = await inspected(place.name);
      await replace(place, await imageIdOf(newImage), { isStarted: !isNeverStarted });
      seen = {
        old,
        now: await inspected(place.name),
        oldImage: await imageSettings(oldImage),
        newImage: await imageSettings(newImage),
      };
    });
    afterAll(async () => {
      await sweep(place.name, around.networks);
    });

    test.each(settings.map((setting) => [setting.name, setting.shows] as const))(
      '%s',
      (_name, paths) => {
        for (const path of paths) {
          const before = shown(path, seen.old, seen.oldImage);
          expect(isNothing(before), `${path} was not set at all`).toBe(false);
          expect(shown(path, seen.now, seen.newImage), path).toEqual(before);
        }
      },
    );

    test('and nothing of the host’s part is different', () => {
      const { Mounts: _old, ...before } = seen.old.HostConfig;
      const { Mounts: _now, ...after } = seen.now.HostConfig;
      expect(after).toEqual(before);
    });
  });
}

function isNothing(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    value === '' ||
    value === 0 ||
    value === false ||
    (typeof value === 'object' && Object.keys(value).length === 0)
  );
}

for (const group of plainGroups) {
  describeGroup(group, newPlace(29_510));
}

const connected = newPlace(29_513);
const front = `${connected.name}-front`;
describeGroup(connectedGroup(connected.name), connected, {
  networks: [front],
  before: async () => {
    const subnets = ['--subnet', '172.31.79.0/24', '--ipv6', '--subnet', 'fd00:79::/64'];
    await dockerCommand('network', 'create', ...subnets, front);
    const other = ['--detach', '--name', `${connected.name}-other`, '--network', front];
    await dockerCommand('run', ...other, '--volume', '/lent', oldImage);
  },
});
