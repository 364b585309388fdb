import { describe, expect, test } from 'vitest';
import { replacementSpec } from '../../../../../main/steps/docker/replacement-spec.js';
import { oldId, sampleContainer, sampleImage, shortId, targetImageId } from './inspect-samples.js';
import type { Changes } from './inspect-samples.js';

const labels = { 'lastgood.run': 'run-1', 'lastgood.role': 'replacement' };

function specOf(changes: Changes = {}, imageConfig: object = {}) {
  return replacementSpec(sampleContainer(changes), sampleImage(imageConfig), targetImageId, labels);
}

describe('what the operator set', () => {
  test('is carried: environment, labels, ports, limits, log, restart policy', () => {
    const spec = specOf();
    expect(spec['Env']).toEqual(['API_KEY=s3cret', 'NODE_ENV=staging']);
    expect(spec.Labels).toEqual({ team: 'markets', ...labels });
    expect(spec.HostConfig).toMatchObject({
      PortBindings: { '3000/tcp': [{ HostIp: '', HostPort: '3000' }] },
      RestartPolicy: { Name: 'unless-stopped', MaximumRetryCount: 0 },
      LogConfig: { Type: 'json-file', Config: { 'max-size': '10m' } },
      Ulimits: [{ Name: 'nofile', Soft: 1024, Hard: 2048 }],
      Memory: 268_435_456,
      Init: true,
      Binds: ['/etc/web:/config:ro'],
    });
  });

  test('includes a command of its own, and an entrypoint with whatever command belongs to it', () => {
    expect(specOf({ Config: { Cmd: ['node', 'debug.js'] } })).toMatchObject({
      Cmd: ['node', 'debug.js'],
    });
    const own = specOf({ Config: { Entrypoint: ['/bin/run'], Cmd: null } });
    expect(own).toMatchObject({ Entrypoint: ['/bin/run'], Cmd: null });
    expect(specOf({ Config: { Entrypoint: null } })).toMatchObject({ Entrypoint: [''] });
  });

  test('includes one changed field of a health check, and not the others', () => {
    const Healthcheck = { Test: ['CMD', 'check'], Interval: 5_000_000_000, Retries: 3 };
    expect(specOf({ Config: { Healthcheck } })['Healthcheck']).toEqual({ Interval: 5_000_000_000 });
  });

  test('includes a host name, unless it is the one the engine made up', () => {
    expect(specOf()).not.toHaveProperty('Hostname');
    expect(specOf({ Config: { Hostname: 'monitor' } })['Hostname']).toBe('monitor');
    const shared = {
      HostConfig: { NetworkMode: 'container:abc' },
      Config: { Hostname: 'monitor' },
    };
    expect(specOf(shared)).not.toHaveProperty('Hostname');
  });

  test('includes a published port although the old image names it too', () => {
    const HostConfig = { PortBindings: { '3000/tcp': [{ HostIp: '', HostPort: '80' }] } };
    expect(specOf({ HostConfig })['ExposedPorts']).toEqual({ '3000/tcp': {} });
  });

  test('includes a hardware address beside the host name of the machine, which cannot be given', () => {
    const spec = specOf({
      HostConfig: { UTSMode: 'host' },
      Config: { Hostname: 'machine', MacAddress: '02:0b:ad:c0:ff:ee' },
    });
    expect(spec).not.toHaveProperty('Hostname');
    expect(spec['MacAddress']).toBe('02:0b:ad:c0:ff:ee');
  });

  test('includes fields that Lastgood has never heard of', () => {
    const spec = specOf({ HostConfig: { Novelty: { Depth: 3 } }, Config: { StopTimeout: 90 } });
    expect(spec.HostConfig).toMatchObject({ Novelty: { Depth: 3 } });
    expect(spec['StopTimeout']).toBe(90);
  });
});

describe('what came from the old image', () => {
  test('is left to the new one', () => {
    const spec = specOf();
    for (const key of [
      'Cmd',
      'Entrypoint',
      'User',
      'WorkingDir',
      'Healthcheck',
      'StopSignal',
      'OnBuild',
    ]) {
      expect(spec, key).not.toHaveProperty(key);
    }
    expect(spec['Volumes']).toEqual({});
    expect(specOf({ HostConfig: { PortBindings: {} } })['ExposedPorts']).toEqual({});
    expect(JSON.stringify(spec)).not.toContain('APP_VERSION');
    expect(JSON.stringify(spec)).not.toContain('vendor');
  });

  test('the image is pinned by its id, never by a name that may move', () => {
    expect(specOf().Image).toBe(targetImageId);
  });
});

describe('networks', () => {
  test('carry what was asked for, not what the engine handed out; the main one first', () => {
    const { EndpointsConfig } = specOf().NetworkingConfig;
    expect(Object.keys(EndpointsConfig)).toEqual(['front', 'back']);
    expect(EndpointsConfig).toEqual({
      front: { IPAMConfig: { IPv4Address: '172.18.0.9' }, Aliases: ['monitor'] },
      back: {},
    });
    expect(JSON.stringify(specOf())).not.toContain(shortId);
    expect(JSON.stringify(specOf())).not.toContain('02:42');
  });

  test('a hardware address that the operator chose is kept', () => {
    expect(specOf({ Config: { MacAddress: '02:00:00:00:00:01' } })['MacAddress']).toBe(
      '02:00:00:00:00:01',
    );
  });

  test('the default bridge gets no aliases, which it would refuse', () => {
    const Networks = { bridge: { Aliases: ['x'], IPAddress: '172.17.0.2' } };
    const spec = specOf({ HostConfig: { NetworkMode: 'default' }, Networks });
    expect(spec.NetworkingConfig.EndpointsConfig).toEqual({ bridge: {} });
  });

  test.each(['host', 'none', `container:${oldId}`])(
    '%s has no endpoints of its own',
    (NetworkMode) => {
      const spec = specOf({ HostConfig: { NetworkMode }, Networks: { host: {} } });
      expect(spec.NetworkingConfig.EndpointsConfig).toEqual({});
    },
  );

  test('links are written as the engine wants them back', () => {
    const { HostConfig } = specOf({ HostConfig: { Links: ['/db:/web/database'] } });
    expect(HostConfig['Links']).toEqual(['db:database']);
  });
});

describe('volumes', () => {
  const name = 'f'.repeat(64);

  test('an anonymous one is named, so that its data stays and nothing is copied over it', () => {
    expect(specOf().HostConfig['Mounts']).toEqual([
      { Type: 'volume', Source: name, Target: '/data', VolumeOptions: { NoCopy: true } },
    ]);
  });

  test('one that the settings name already is not mounted twice', () => {
    const Mounts = [{ Type: 'volume', Name: 'data', Destination: '/data', RW: true }];
    const { HostConfig } = specOf({ HostConfig: { Binds: ['data:/data'] }, Mounts });
    expect(HostConfig).not.toHaveProperty('Mounts');
    expect(HostConfig['Binds']).toEqual(['data:/data']);
  });

  test('an anonymous one asked for as a mount keeps its options and gets its name', () => {
    const { HostConfig } = specOf({
      HostConfig: { Mounts: [{ Type: 'volume', Target: '/data', ReadOnly: true }] },
    });
    expect(HostConfig['Mounts']).toEqual([
      { Type: 'volume', Target: '/data', ReadOnly: true, Source: name },
    ]);
  });
});
