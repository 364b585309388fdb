import { parseCreate } from '../create-container.js';
import { inspectView, listView } from '../container-view.js';
import type { Seen } from '../container-view.js';
import { parseFilters, passes, passesLabels } from '../filters.js';
import type { FilterMap } from '../filters.js';
import { isTrue, route } from '../router.js';
import type { Call, Reply, Route } from '../router.js';
import type { ContainerRecord } from '../world.js';

export const containerRoutes: readonly Route[] = [
  route('GET', '/containers/json', list),
  route('GET', '/containers/{id}/json', ({ engine, subject, query }) => ({
    status: 200,
    // Nothing in the range writes into its containers.
    body: {
      ...inspectView(seen(engine, engine.get(subject))),
      ...(isTrue(query.get('size')) ? { SizeRw: 0, SizeRootFs: 0 } : {}),
    },
  })),
  route('POST', '/containers/create', create),
  route('POST', '/containers/{id}/rename', async ({ engine, subject, query }) => {
    await engine.rename(subject, query.get('name') ?? '');
    return { status: 204 };
  }),
  route('POST', '/containers/{id}/update', async ({ engine, subject, body }) => {
    await engine.update(subject, await body());
    return { status: 200, body: { Warnings: null } };
  }),
  route('DELETE', '/containers/{id}', async ({ engine, subject, query }) => {
    await engine.remove(subject, {
      force: isTrue(query.get('force')),
      volumes: isTrue(query.get('v')),
    });
    return { status: 204 };
  }),
];

async function create({ engine, query, body }: Call): Promise<Reply> {
  const container = await engine.create(query.get('name') || null, parseCreate(await body()));
  return { status: 201, body: { Id: container.id, Warnings: [] } };
}

function list({ engine, query }: Call): Reply {
  const filters = parseFilters(query.get('filters'), [
    'name',
    'label',
    'status',
    'id',
    'ancestor',
    'health',
    'exited',
    'network',
    'volume',
  ]);
  const isAll = isTrue(query.get('all')) || filters.has('status') || filters.has('exited');
  const limit = Number(query.get('limit') ?? '0');
  const found = engine.containers
    .filter((container) => isAll || container.state.status === 'running')
    .filter((container) => isWanted(container, filters))
    .toSorted((left, right) => Date.parse(right.createdAt) - Date.parse(left.createdAt))
    .map((container) => seen(engine, container))
    .filter(({ health }) =>
      passes(filters, 'health', (value) => value === (health?.Status ?? 'none')),
    );
  return { status: 200, body: (limit > 0 ? found.slice(0, limit) : found).map(listView) };
}

function isWanted(container: ContainerRecord, filters: FilterMap): boolean {
  const { id, name, state, config, imageId, mounts } = container;
  return (
    passesLabels(filters, config.Labels) &&
    passes(filters, 'name', (value) => nameFits(name, value)) &&
    passes(filters, 'status', (value) => value === state.status) &&
    passes(
      filters,
      'exited',
      (value) => state.status === 'exited' && Number(value) === state.exitCode,
    ) &&
    passes(filters, 'id', (value) => id.startsWith(value)) &&
    passes(filters, 'ancestor', (value) => value === config.Image || imageId.includes(value)) &&
    passes(filters, 'volume', (value) =>
      mounts.some(({ Name, Destination }) => value === Name || value === Destination),
    ) &&
    passes(filters, 'network', (value) => value === (container.hostConfig.NetworkMode ?? 'bridge'))
  );
}

/** The engine takes the filter for a regular expression and tries it with and without the slash. */
function nameFits(name: string, value: string): boolean {
  try {
    const expression = new RegExp(value);
    return expression.test(name) || expression.test(`/${name}`);
  } catch {
    return name === value;
  }
}

function seen(engine: Call['engine'], container: ContainerRecord): Seen {
  return {
    container,
    image: engine.images.find(container.imageId),
    health: engine.life.health(container),
    nowMs: engine.parts.clock.nowMs(),
  };
}
