import { describe, expect, test } from 'vitest';
import {
  containersToPlan,
  membersOf,
} from '../../../../../main/steps/docker/service-containers.js';
import { previewDockerTarget, listDockerTargets } from '../../../../../main/steps/targets.js';
import { createStepWorld } from '../step-world.js';

const { signal } = new AbortController();
const label = 'service=web';
const place = { container: 'web-1', label };

/** Three that serve, one kept by an earlier run, and one of another service. */
async function fleet() {
  const world = await createStepWorld();
  const { docker, sick, target } = world;
  const add = async (name: string, image: string, labels: Readonly<Record<string, string>>) => {
    const published = { '3000/tcp': [{ HostPort: `300${name.slice(-1)}` }] };
    const HostConfig = { PortBindings: /^web-[129]$/.test(name) ? published : {} };
    const spec = { Image: image, Labels: labels, HostConfig };
    const { id } = await docker.create(
      name,
      { ...spec, NetworkingConfig: { EndpointsConfig: {} } },
      signal,
    );
    return id;
  };
  const begin = async (name: string, image = sick, labels = { service: 'web' }) => {
    const id = await add(name, image, labels);
    await docker.start(id, signal);
    return id;
  };
  for (const number of [1, 2, 9]) {
    await begin(`web-${number}`);
  }
  await add('web-2-before-7f3a9c21', target, { service: 'web' });
  await begin('shop-4', sick, { service: 'shop' });
  const planned = await containersToPlan(docker, { ...place, servicePort: 3_000 }, signal);
  const containers = planned.map(({ id, name }) => ({ id, name }));
  const params = { engine: 'docker', ...place, containers };
  return { ...world, begin, planned, params };
}

describe('the containers of a service', () => {
  test('are those that run with its label, as a person counts, each with its published port', async () => {
    const { planned } = await fleet();

    expect(planned.map(({ name, port }) => [name, port])).toEqual([
      ['web-1', 3_001],
      ['web-2', 3_002],
      ['web-9', 3_009],
    ]);
  });

  test('are of one Compose project only, where Compose’s own label says which service', async () => {
    const { docker, begin, sick } = await fleet();
    const compose = 'com.docker.compose.service';
    const of = (project: string) => ({ [compose]: 'api', 'com.docker.compose.project': project });
    await begin('one-api-1', sick, { service: '', ...of('one') });
    await begin('one-api-2', sick, { service: '', ...of('one') });
    await begin('two-api-1', sick, { service: '', ...of('two') });

    const { up } = await membersOf(
      docker,
      { container: 'one-api-1', label: `${compose}=api` },
      signal,
    );
    expect(up.map(({ name }) => name)).toEqual(['one-api-1', 'one-api-2']);
  });

  test('cannot be planned where the one that the runbook names is not among them', async () => {
    const { docker } = await fleet();
    const wrong = { container: 'shop-4', label, servicePort: 3_000 };

    await expect(containersToPlan(docker, wrong, signal)).rejects.toMatchObject({
      code: 'DOCKER_CONTAINERS_CHANGED',
    });
  });

  test('are named before the order, with those that are left alone', async () => {
    const { docker } = await fleet();
    const service = { repository: 'web', container: 'web-1', label: null, containers: label };
    const targets = await listDockerTargets(docker, service, signal);
    const target = targets.find(({ isServing }) => !isServing)!;

    const items = await previewDockerTarget(docker, service, target, signal);
    expect(items.find(({ id }) => id === 'containers')).toMatchObject({
      state: 'green',
      text: '3 containers, taken back in this order: web-1, web-2, web-9; one is stopped only when the one before is healthy',
    });
    expect(items.find(({ id }) => id === 'containers-down')?.text).toContain('web-2-before');
  });

  test('go back from the newest version that any of them runs', async () => {
    const { docker, begin, target } = await fleet();
    await begin('web-0', target);
    const service = { repository: 'web', container: 'web-0', label: null, containers: label };

    const targets = await listDockerTargets(docker, service, signal);
    expect(targets.find(({ isServing }) => isServing)?.version).toBe('v1.2.0');
  });
});

describe('before the first change', () => {
  test('the containers are those of the plan', async () => {
    const { step, params } = await fleet();

    const { summary } = await step('docker.find-containers', params).run();
    expect(summary).toBe('3 containers as planned: web-1, web-2, web-9.');
  });

  test('one more, one less or one that was made anew is seen', async () => {
    const { docker, begin, step, params } = await fleet();
    const check = () => step('docker.find-containers', params).run();

    const id = await begin('web-3');
    await expect(check()).rejects.toThrow('web-3 has come');
    await docker.stop(id, 0, signal);
    await expect(check()).resolves.toBeDefined();

    const second = docker.look('web-2')!;
    await docker.stop(second.id, 0, signal);
    await expect(check()).rejects.toThrow('web-2 is not there any more');
    await docker.remove(second.id, signal);
    await begin('web-2');
    await expect(check()).rejects.toThrow('web-2 is another container now');
  });
});

describe('at the end', () => {
  test('all of them run the target, also one that has come meanwhile', async () => {
    const { docker, begin, step, params, target } = await fleet();
    const check = () => step('docker.check-containers', { ...params, imageId: target }).run();
    await expect(check()).rejects.toMatchObject({ code: 'DOCKER_VERSIONS_DIFFER' });

    docker.names
      .filter((name) => /^web-\d$/.test(name))
      .forEach((name) => {
        docker.patch(name, { imageId: target });
      });
    await expect(check()).resolves.toBeDefined();
    await begin('web-3');
    await expect(check()).rejects.toThrow(/web-3 runs/);
    docker.patch('web-3', { imageId: target });
    await docker.stop(docker.look('web-9')!.id, 0, signal);
    await expect(check()).rejects.toThrow('web-9 does not run');
  });
});
