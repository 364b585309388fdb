import type { ContainerRecord } from './world.js';

const STEPS: readonly (readonly [number, string])[] = [
  [86_400, 'day'],
  [3_600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
];

export function inWords(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1_000));
  const [size, unit] = STEPS.find(([step]) => seconds >= step) ?? [1, 'second'];
  const count = Math.floor(seconds / size);
  return count === 0 ? 'Less than a second' : `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** The engine's status line: `Up 2 hours (unhealthy)`, `Exited (0) 5 seconds ago`. */
export function statusInWords(
  state: ContainerRecord['state'],
  health: string | null,
  nowMs: number,
): string {
  switch (state.status) {
    case 'created':
      return 'Created';
    case 'exited':
      return `Exited (${state.exitCode}) ${inWords(nowMs - Date.parse(state.finishedAt))} ago`;
    case 'running': {
      const shown = health === 'starting' ? 'health: starting' : health;
      return `Up ${inWords(nowMs - Date.parse(state.startedAt))}${shown === null ? '' : ` (${shown})`}`;
    }
  }
}
