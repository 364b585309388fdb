import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  toContainerDetails,
  toImageDetails,
} from '../../../../../main/connections/docker-answers.js';
import type { ContainerDetails, ImageDetails } from '../../../../../main/connections/ports.js';
import { inspectView } from '../../../../../main/range/container-view.js';
import { makeContainer, parseCreate } from '../../../../../main/range/create-container.js';
import { ContainerConfig } from '../../../../../main/range/world.js';
import type { ImageRecord } from '../../../../../main/range/world.js';
import { replacementSpec } from '../../../../../main/steps/docker/replacement-spec.js';
import { settingsDifferences } from '../../../../../main/steps/docker/settings-differences.js';

const runs = Number(process.env['LASTGOOD_PROPERTY_RUNS'] ?? 400);
const clock = { stamp: () => '2026-01-15T10:00:00.000Z', nowMs: () => 0 };

const name = fc.constantFrom('ALPHA', 'BETA', 'GAMMA', 'DELTA');
const word = fc.constantFrom('one', 'two', 'a=b', '', 'with blanks');
const few = { maxLength: 3 };
const map = fc.dictionary(name, word, { maxKeys: 4 });
const environment = map.map((all) => Object.entries(all).map(([key, value]) => `${key}=${value}`));
const places = fc.uniqueArray(fc.constantFrom('/data', '/logs', '/cache'), few);
const volumes = places.map((all) => Object.fromEntries(all.map((each) => [each, {}])));
const ports = fc
  .uniqueArray(fc.constantFrom('3000/tcp', '53/udp', '9090/tcp'), few)
  .map((all) => Object.fromEntries(all.map((each) => [each, {}])));
const command = fc.option(
  fc.array(fc.constantFrom('node', 'serve', '--fast'), { minLength: 1, maxLength: 3 }),
);
const someText = fc.constantFrom('', 'first', 'second');
const healthcheck = fc.option(
  fc.record(
    {
      Test: fc.constantFrom(['CMD', 'check'], ['CMD', 'other'], ['NONE']),
      Interval: fc.constantFrom(1, 2),
      Retries: fc.constantFrom(3, 4),
    },
    { requiredKeys: ['Test'] },
  ),
);

const imageConfig = fc.record({
  Env: environment,
  Labels: map,
  Cmd: command,
  Entrypoint: command,
  Volumes: volumes,
  ExposedPorts: ports,
  User: someText,
  WorkingDir: someText,
  StopSignal: someText,
  Healthcheck: healthcheck,
});

const request = fc.record({
  Env: environment,
  Labels: map,
  Cmd: command,
  Entrypoint: command,
  Volumes: volumes,
  ExposedPorts: ports,
  User: someText,
  WorkingDir: someText,
  StopSignal: someText,
  Hostname: someText,
  Tty: fc.boolean(),
  HostConfig: fc.record({
    Memory: fc.constantFrom(0, 64),
    CapAdd: fc.constantFrom(null, ['NET_ADMIN']),
    Binds: fc.subarray(['/etc:/etc/host/:ro', 'named:/logs/']),
    RestartPolicy: fc.constantFrom(
      { Name: 'always' },
      { Name: 'on-failure', MaximumRetryCount: 2 },
    ),
    ReadonlyRootfs: fc.boolean(),
    Sysctls: fc.constantFrom(null, { 'net.core.somaxconn': '512' }),
  }),
});

function imageOf(id: string, config: object): { record: ImageRecord; details: ImageDetails } {
  const record: ImageRecord = {
    id,
    tags: [],
    digests: [],
    createdAt: clock.stamp(),
    sizeBytes: 1,
    version: id,
    config: ContainerConfig.parse(config),
  };
  return { record, details: toImageDetails({ Id: id, Size: 1, Config: config }) };
}

/** The practice engine as the model: it joins what is asked for with the image as a real one does. */
function made(body: object, image: ImageRecord): ContainerDetails {
  const container = makeContainer('web', parseCreate(body), image, clock);
  return toContainerDetails(inspectView({ container, image, health: null, nowMs: 0 }));
}

test('whatever an operator set on whatever image is carried to whatever other image, and nothing else is', () => {
  fc.assert(
    fc.property(imageConfig, imageConfig, request, (oldConfig, newConfig, asked) => {
      const [oldImage, newImage] = [
        imageOf('sha256:old', oldConfig),
        imageOf('sha256:new', newConfig),
      ];
      const old = made({ Image: 'old', ...asked }, oldImage.record);
      const spec = replacementSpec(old, oldImage.details, 'new', {});
      const now = made(spec, newImage.record);
      // Made afresh with the same request, as if the service had always run the new version.
      const fresh = made({ Image: 'new', ...asked }, newImage.record);

      expect(
        settingsDifferences(
          { container: old, image: oldImage.details },
          { container: now, image: newImage.details },
        ),
      ).toEqual([]);
      const own = asked.Env.filter((entry) => !oldConfig.Env.includes(entry));
      expect(now.config['Env']).toEqual(expect.arrayContaining(own));
      const untouched = newConfig.Env.filter(
        (entry) => !asked.Env.some((one) => one.split('=')[0] === entry.split('=')[0]),
      );
      expect(now.config['Env']).toEqual(expect.arrayContaining(untouched));
      expect(now.hostConfig['Memory']).toBe(fresh.hostConfig['Memory']);
      expect(now.hostConfig['CapAdd']).toEqual(fresh.hostConfig['CapAdd']);
      const kept = old.mounts.map(({ Name, Source, Destination }) => [Name, Source, Destination]);
      const mounted = now.mounts.map(({ Name, Source, Destination }) => [
        Name,
        Source,
        Destination,
      ]);
      expect(mounted).toEqual(expect.arrayContaining(kept));
      const targets = now.mounts.map(({ Destination }) => Destination);
      expect(new Set(targets).size).toBe(targets.length);
    }),
    { numRuns: runs },
  );
});
