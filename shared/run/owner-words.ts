import type { RunOwner } from './run-owner.js';

/** “process 4711 of anna on laptop-7, since 2026-…”. */
export function describeOwner({ pid, hostname, user, since }: RunOwner): string {
  const whose = user === '' ? '' : ` of ${user}`;
  return `process ${String(pid)}${whose} on ${hostname}, since ${since}`;
}
