import { EngineError } from '../engine-error.js';
import { parseFilters, passes, passesLabels } from '../filters.js';
import { isTrue, route } from '../router.js';
import type { Call, Handler, Reply, Route } from '../router.js';
import { ServiceSpec } from '../swarm/swarm-record.js';
import type { Swarm } from '../swarm/swarm.js';
import {
  clusterView,
  NODE_NAME,
  nodeView,
  serviceStatus,
  serviceView,
  taskView,
} from '../swarm/swarm-views.js';

type SwarmHandler = (swarm: Swarm, call: Call) => ReturnType<Handler>;

const NOT_A_MANAGER =
  'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.';

/** A route that only a manager answers. */
export function managed(handle: SwarmHandler): Handler {
  return (call) => {
    if (call.swarm === null) {
      throw new EngineError(503, NOT_A_MANAGER);
    }
    return handle(call.swarm, call);
  };
}

export const swarmRoutes: readonly Route[] = [
  route(
    'GET',
    '/swarm',
    managed(({ book }) => ({ status: 200, body: clusterView(book.record) })),
  ),
  route(
    'GET',
    '/nodes',
    managed(({ book }) => ({ status: 200, body: [nodeView(book.record)] })),
  ),
  route('GET', '/nodes/{id}', managed(node)),
  route('GET', '/services', managed(services)),
  route(
    'GET',
    '/services/{id}',
    managed(({ book }, { subject }) => ({ status: 200, body: serviceView(book.service(subject)) })),
  ),
  route('POST', '/services/{id}/update', managed(update)),
  route('GET', '/tasks', managed(tasks)),
  route(
    'GET',
    '/tasks/{id}',
    managed(({ book }, { subject }) => ({
      status: 200,
      body: taskView(book.task(subject), book.record),
    })),
  ),
];

function node({ book: { record } }: Swarm, { subject }: Call): Reply {
  const isThis = subject === 'self' || subject === NODE_NAME || record.nodeId.startsWith(subject);
  if (!isThis) {
    throw new EngineError(404, `node ${subject} not found`);
  }
  return { status: 200, body: nodeView(record) };
}

/** The engine takes the filters for names and ids as beginnings. */
function services({ book }: Swarm, { query }: Call): Reply {
  const filters = parseFilters(query.get('filters'), ['id', 'name', 'label', 'mode']);
  const isWithStatus = isTrue(query.get('status'));
  const found = book.record.services.filter(
    ({ id, spec }) =>
      passes(filters, 'id', (value) => id.startsWith(value)) &&
      passes(filters, 'name', (value) => spec.Name.startsWith(value)) &&
      passes(filters, 'mode', (value) => value === 'replicated') &&
      passesLabels(filters, spec.Labels),
  );
  return {
    status: 200,
    body: found.map((service) => ({
      ...serviceView(service),
      ...(isWithStatus ? serviceStatus(service, book.tasksOf(service.id)) : {}),
    })),
  };
}

function tasks({ book }: Swarm, { query }: Call): Reply {
  const allowed = ['id', 'name', 'service', 'node', 'desired-state', 'label', '_up-to-date'];
  const filters = parseFilters(query.get('filters'), allowed);
  const { record } = book;
  const found = record.tasks.filter((task) => {
    const { Name: name } = book.service(task.serviceId).spec;
    return (
      passes(filters, 'id', (value) => task.id.startsWith(value)) &&
      passes(filters, 'service', (value) => [task.serviceId, name].includes(value)) &&
      passes(filters, 'name', (value) => `${name}.${task.slot}.${task.id}`.startsWith(value)) &&
      passes(filters, 'node', (value) => [record.nodeId, NODE_NAME, 'self'].includes(value)) &&
      passes(filters, 'desired-state', (value) => value === task.desiredState)
    );
  });
  return { status: 200, body: found.map((task) => taskView(task, record)) };
}

async function update(
  swarm: Swarm,
  { engine, subject, query, body, dropLine }: Call,
): Promise<Reply | null> {
  const service = swarm.book.service(subject);
  const version = versionIn(query);
  const parsed = ServiceSpec.safeParse(await body());
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new EngineError(
      400,
      `invalid JSON: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`,
    );
  }
  const rollback = query.get('rollback') ?? '';
  if (rollback !== '' && rollback !== 'previous') {
    throw new EngineError(
      400,
      'rpc error: code = InvalidArgument desc = unrecognized rollback option',
    );
  }
  if (rollback === 'previous') {
    swarm.rollBack(service, version);
  } else {
    swarm.update(service, version, parsed.data);
  }
  await engine.parts.save();
  if (engine.parts.faults.strikes('engine-unreachable')) {
    // The order has arrived and is carried out, but nobody will hear so.
    dropLine();
    return null;
  }
  return { status: 200, body: { Warnings: null } };
}

function versionIn(query: URLSearchParams): number {
  const text = query.get('version') ?? '';
  if (!/^\d{1,15}$/.test(text)) {
    throw new EngineError(
      400,
      `invalid service version '${text}': strconv.ParseUint: parsing "${text}": invalid syntax`,
    );
  }
  return Number(text);
}
