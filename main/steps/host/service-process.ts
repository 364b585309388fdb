import type { HostPort } from '../../connections/ports.js';
import { seePm2App } from './service-pm2.js';
import type { Pm2App } from './service-pm2.js';
import { seeUnit } from './service-unit.js';

/** What keeps a service running on a host, with every variable filled in. */
export type HostedProcess =
  { readonly kind: 'systemd'; readonly unit: string } | ({ readonly kind: 'pm2' } & Pm2App);

/** One look at it. Null is what could not be measured: a figure that is missing is not zero. */
export type ProcessSight = {
  /** False where there is nothing of that name at all. */
  readonly isKnown: boolean;
  readonly isUp: boolean;
  /** It is down and does not come up by itself any more. */
  readonly hasEnded: boolean;
  /** In words: `tradewizard is active (running)`. */
  readonly text: string;
  readonly restarts: number | null;
  readonly memoryBytes: number | null;
  /** 100 is one core in full use; null where only `cpuSeconds` is counted. */
  readonly cpuPercent: number | null;
  readonly cpuSeconds: number | null;
  /** On the host's own clock since it started, so that two looks make a rate. */
  readonly atSeconds: number | null;
};

export function seeProcess(
  port: HostPort,
  process: HostedProcess,
  signal: AbortSignal,
): Promise<ProcessSight> {
  return process.kind === 'systemd'
    ? seeUnit(port, process.unit, signal)
    : seePm2App(port, process, signal);
}

/** The rate between two looks; null where either counted nothing, or the service was started anew in between. */
export function cpuPercentBetween(before: ProcessSight | null, now: ProcessSight): number | null {
  if (now.cpuPercent !== null) {
    return now.cpuPercent;
  }
  const began = before?.cpuSeconds ?? null;
  const beganAt = before?.atSeconds ?? null;
  if (began === null || beganAt === null || now.cpuSeconds === null || now.atSeconds === null) {
    return null;
  }
  const used = now.cpuSeconds - began;
  const took = now.atSeconds - beganAt;
  return used < 0 || took <= 0 ? null : (used / took) * 100;
}

export function nameOfProcess(process: HostedProcess): string {
  return process.kind === 'systemd' ? `unit ${process.unit}` : `PM2 app ${process.app}`;
}
