import { fromMilliseconds, NEVER } from '../clock.js';
import { isTrue, route } from '../router.js';
import type { Call, Route } from '../router.js';
import type { ContainerRecord } from '../world.js';

export const statsRoutes: readonly Route[] = [route('GET', '/containers/{id}/stats', stats)];

const CORES = 2;
const EVERY_MS = 1_000;

function stats({
  engine,
  subject,
  query,
  response,
}: Call): { status: number; body: unknown } | null {
  const container = engine.get(subject);
  const { clock, pace } = engine.parts;
  const isSick = engine.life.isSick(container);
  const reading = (): unknown => view(container, clock.nowMs(), isSick);
  if (query.has('stream') && !isTrue(query.get('stream'))) {
    return { status: 200, body: reading() };
  }
  response.writeHead(200, { 'content-type': 'application/json' });
  let cancel = (): void => undefined;
  const write = (): void => {
    response.write(`${JSON.stringify(reading())}\n`);
    cancel = pace.after(EVERY_MS, write);
  };
  response.once('close', () => {
    cancel();
  });
  write();
  return null;
}

function view(container: ContainerRecord, nowMs: number, isSick: boolean): unknown {
  const { id, name, state } = container;
  const isRunning = state.status === 'running';
  const upMs = isRunning ? Math.max(EVERY_MS, nowMs - Date.parse(state.startedAt)) : 0;
  return {
    id,
    name: `/${name}`,
    read: isRunning ? fromMilliseconds(nowMs) : NEVER,
    preread: isRunning ? fromMilliseconds(nowMs - EVERY_MS) : NEVER,
    pids_stats: isRunning ? { current: 11, limit: 4_096 } : {},
    blkio_stats: { io_service_bytes_recursive: null },
    num_procs: 0,
    storage_stats: {},
    cpu_stats: processor(upMs, isRunning, isSick),
    precpu_stats: processor(Math.max(0, upMs - EVERY_MS), isRunning, isSick),
    memory_stats: isRunning ? memory(upMs, isSick) : {},
    ...(isRunning ? { networks: network(upMs) } : {}),
  };
}

/** Nanoseconds of work since the start: a gently waving load, so that a chart has something to show. */
function processor(upMs: number, isRunning: boolean, isSick: boolean): unknown {
  const share = isSick ? 0.82 : 0.06;
  const wave = isSick ? 0.4 : 0.1;
  const seconds = upMs / 1_000;
  const used = Math.max(
    0,
    Math.round((share * seconds + wave * share * Math.sin(seconds / 7)) * 1e9),
  );
  return {
    cpu_usage: {
      total_usage: used,
      usage_in_kernelmode: Math.round(used * 0.2),
      usage_in_usermode: Math.round(used * 0.8),
    },
    ...(isRunning
      ? { system_cpu_usage: Math.round(seconds * CORES * 1e9), online_cpus: CORES }
      : {}),
    throttling_data: { periods: 0, throttled_periods: 0, throttled_time: 0 },
  };
}

function memory(upMs: number, isSick: boolean): unknown {
  const megabyte = 1_048_576;
  const own = isSick ? 340 : 92;
  const usage = Math.round((own + 3 * Math.sin(upMs / 9_000)) * megabyte);
  return {
    usage: usage + 8 * megabyte,
    stats: { inactive_file: 8 * megabyte, active_file: 2 * megabyte, anon: usage },
    limit: 512 * megabyte,
  };
}

function network(upMs: number): unknown {
  const count = Math.round(upMs / 20);
  return {
    eth0: {
      rx_bytes: count * 410,
      rx_packets: count,
      rx_errors: 0,
      rx_dropped: 0,
      tx_bytes: count * 620,
      tx_packets: count,
      tx_errors: 0,
      tx_dropped: 0,
    },
  };
}
