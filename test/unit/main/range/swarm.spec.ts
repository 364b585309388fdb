import { describe, expect, it } from 'vitest';
import { builtIn, openPractice, until } from './practice.js';
import type { Practice } from './practice.js';

type Task = {
  readonly ID: string;
  readonly Slot: number;
  readonly DesiredState: string;
  readonly Status: { readonly State: string; readonly Err?: string };
  readonly Spec: { readonly ContainerSpec: { readonly Image: string } };
};

type Service = {
  readonly Version: { readonly Index: number };
  readonly Spec: Record<string, unknown> & {
    readonly TaskTemplate: { readonly ContainerSpec: { readonly Image: string } };
  };
  readonly PreviousSpec?: object;
  readonly UpdateStatus?: { readonly State: string; readonly Message: string };
};

const { name } = builtIn.service;
const swarmWorld = (folder?: string): Promise<Practice> =>
  openPractice([], {
    procedureId: 'swarm',
    ...(folder === undefined ? {} : { folder, fresh: false }),
  });
const serviceOf = async ({ engine }: Practice): Promise<Service> =>
  (await engine('GET', `/services/${name}`)).json as unknown as Service;
const tasksOf = async ({ engine }: Practice): Promise<readonly Task[]> =>
  (await engine('GET', '/tasks')).list as unknown as readonly Task[];
const running = (tasks: readonly Task[]): readonly Task[] =>
  tasks.filter(
    ({ DesiredState, Status }) => DesiredState === 'running' && Status.State === 'running',
  );

async function update(world: Practice, change: object, query = ''): Promise<number> {
  const { Version, Spec } = await serviceOf(world);
  const path = `/services/${name}/update?version=${String(Version.Index)}${query}`;
  return (await world.engine('POST', path, { ...Spec, ...change })).status;
}

const replicas = (count: number): object => ({ Mode: { Replicated: { Replicas: count } } });

describe('the swarm of a practice world', () => {
  it('replaces a task that ends by itself, and tells why it ended', async () => {
    const world = await swarmWorld();
    const [first] = running(await tasksOf(world));
    const containers = (await world.engine('GET', '/containers/json')).list;
    const killed = containers.find(({ Labels }) => Object.values(Labels).includes(first?.ID ?? ''));
    await world.engine('POST', `/containers/${killed?.Id ?? ''}/kill`);
    const tasks = await until(
      () => tasksOf(world),
      (all) => running(all).length === 2,
    );
    expect(tasks.find(({ ID }) => ID === first?.ID)?.Status).toMatchObject({
      State: 'failed',
      Err: 'task: non-zero exit (137)',
    });
  });

  it('runs as many tasks as are wanted, and forgets those of slots that are not', async () => {
    const world = await swarmWorld();
    expect(await update(world, replicas(3))).toBe(200);
    await until(
      () => tasksOf(world),
      (all) => running(all).length === 3,
    );
    expect(await update(world, replicas(1))).toBe(200);
    const left = await until(
      () => tasksOf(world),
      (all) => running(all).length === 1 && all.every(({ Slot }) => Slot !== 3),
    );
    expect(running(left).map(({ Slot }) => Slot)).toEqual([1]);
  });

  it('turns back by itself where the service asks for that, and then keeps nothing to go back to', async () => {
    const world = await swarmWorld();
    const { Spec } = await serviceOf(world);
    const { ContainerSpec } = Spec.TaskTemplate;
    const TaskTemplate = {
      ...Spec.TaskTemplate,
      ContainerSpec: { ...ContainerSpec, Image: 'nobody/has-this:v1' },
    };
    const UpdateConfig = { Parallelism: 1, FailureAction: 'rollback', Monitor: 1_000_000_000 };
    expect(await update(world, { TaskTemplate, UpdateConfig })).toBe(200);
    const service = await until(
      () => serviceOf(world),
      ({ UpdateStatus }) => UpdateStatus?.State === 'rollback_completed',
    );
    expect(service.Spec).toEqual(Spec);
    expect(service.PreviousSpec).toBeUndefined();
    expect((await tasksOf(world)).map(({ Status }) => Status.Err)).toContain(
      'No such image: nobody/has-this:v1',
    );
    expect(await update(world, {}, '&rollback=previous')).toBe(400);
  });

  it('goes on with a rollback after the console was away in the middle of it', async () => {
    const first = await swarmWorld();
    expect(await update(first, {}, '&rollback=previous')).toBe(200);
    await until(
      () => tasksOf(first),
      (all) => all.some(({ Status }) => Status.State === 'starting'),
    );
    await first.range.close();

    const again = await swarmWorld(first.folder);
    await until(
      () => serviceOf(again),
      ({ UpdateStatus }) => UpdateStatus?.State === 'rollback_completed',
    );
    const images = running(await tasksOf(again)).map(({ Spec }) => Spec.ContainerSpec.Image);
    expect(images).toHaveLength(2);
    expect(new Set(images)).toEqual(new Set([`${name}:${builtIn.practice.healthy[0]!}`]));
  });

  it('names the service as the runbook does, also by a variable of the environment', async () => {
    const targets = { kind: 'swarm.previous', engine: 'manager', service: '{{web}}' } as const;
    const procedures = builtIn.procedures.map((one) =>
      one.id === 'swarm' ? { ...one, targets } : one,
    );
    const world = await openPractice([], {
      ...{ runbook: { ...builtIn, procedures }, procedureId: 'swarm' },
    });
    expect(world.environment.engines.map((engine) => engine.name)).toEqual(['manager']);
    expect(world.environment.variables).toMatchObject({ web: name });
    expect((await world.engine('GET', `/services/${name}`)).status).toBe(200);
  });

  it('answers nothing of a swarm where the engine is in none', async () => {
    const { engine } = await openPractice();
    for (const path of ['/swarm', '/nodes', '/services', '/tasks']) {
      expect(await engine('GET', path)).toMatchObject({
        status: 503,
        json: { message: expect.stringContaining('This node is not a swarm manager.') as string },
      });
    }
  });
});
