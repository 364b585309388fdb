import { expect, test } from 'vitest';
import { settingsDifferences } from '../../../../../main/steps/docker/settings-differences.js';
import { sampleContainer, sampleImage, targetImageId } from './inspect-samples.js';
import type { Changes } from './inspect-samples.js';

const newImage = {
  Env: ['PATH=/usr/bin', 'APP_VERSION=1.1.0', 'NODE_ENV=production'],
  Labels: { 'org.opencontainers.image.version': '1.1.0', vendor: 'acme' },
  Cmd: ['node', 'old-server.js'],
};
const newConfig = {
  Env: ['API_KEY=s3cret', 'NODE_ENV=staging', 'PATH=/usr/bin', 'APP_VERSION=1.1.0'],
  Labels: { ...newImage.Labels, team: 'markets', 'lastgood.run': 'run-1' },
  Cmd: newImage.Cmd,
};

function differences(changes: Changes = {}, kept: Changes = {}) {
  const { Config = {}, ...rest } = changes;
  return settingsDifferences(
    { container: sampleContainer(kept), image: sampleImage() },
    {
      container: sampleContainer({ ...rest, Config: { ...newConfig, ...Config } }),
      image: sampleImage(newImage, targetImageId),
    },
  );
}

test('finds none where only the images differ', () => {
  expect(differences()).toEqual([]);
});

test('names a changed, missing or added variable and never its value', () => {
  const Env = [
    'API_KEY=other',
    'EXTRA=1',
    'PATH=/usr/bin',
    'APP_VERSION=1.1.0',
    'NODE_ENV=staging',
  ];
  const found = differences({ Config: { Env } });
  expect(found).toEqual(['environment variable API_KEY', 'environment variable EXTRA']);
});

test('a value that the new image has by itself is as good as set', () => {
  const Env = ['API_KEY=s3cret', 'NODE_ENV=production', 'PATH=/usr/bin', 'APP_VERSION=1.1.0'];
  const keptEnv = [
    'API_KEY=s3cret',
    'NODE_ENV=production',
    'PATH=/usr/local/bin:/usr/bin',
    'APP_VERSION=1.2.0',
  ];
  expect(differences({ Config: { Env } }, { Config: { Env: keptEnv } })).toEqual([]);
});

test.each<[string, Changes, string]>([
  ['ports', { HostConfig: { PortBindings: {} } }, 'PortBindings'],
  ['limits', { HostConfig: { Memory: 0 } }, 'Memory'],
  ['mounts', { Mounts: [] }, 'Mounts'],
  ['command', { Config: { Cmd: ['sh'] } }, 'Cmd'],
  ['labels', { Config: { Labels: { ...newConfig.Labels, team: 'other' } } }, 'label team'],
  ['networks', { Networks: { front: { Aliases: ['monitor'] } } }, 'network front'],
  ['restart policy', { HostConfig: { RestartPolicy: { Name: 'no' } } }, 'restart policy'],
])('names what differs: %s', (_what, changes, name) => {
  expect(differences(changes)).toContain(name);
});

test('compares the restart policy with what it was before the kept container was held back', () => {
  const kept = { HostConfig: { RestartPolicy: { Name: 'no', MaximumRetryCount: 0 } } };
  const Labels = { ...newConfig.Labels, 'lastgood.restart': 'unless-stopped:0' };
  expect(differences({ Config: { Labels } }, kept)).toEqual([]);
});
