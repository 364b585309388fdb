import type { Bands } from '../runbook/decision-schema.js';
import type { Level } from './evidence.js';

const order: readonly Level[] = ['low', 'medium', 'high', 'critical'];

export function rank(level: Level): number {
  return order.indexOf(level);
}

/** Null when nothing is known at all. */
export function worst(levels: readonly (Level | null)[]): Level | null {
  return levels.reduce<Level | null>(
    (found, level) =>
      level !== null && (found === null || rank(level) > rank(found)) ? level : found,
    null,
  );
}

/** The bounds agree with "more than 25 %": exactly `high` is still medium, exactly `medium` is medium already. */
export function levelOf(value: number, bands: Bands): Level {
  if (value > bands.critical) {
    return 'critical';
  }
  if (value > bands.high) {
    return 'high';
  }
  return value >= bands.medium ? 'medium' : 'low';
}

/** No impact stands in the low row and in the medium row of the matrix; alone it makes nothing worse. */
export function dataLevel(impact: 'none' | 'corruption' | 'loss'): Level {
  switch (impact) {
    case 'none':
      return 'low';
    case 'corruption':
      return 'high';
    case 'loss':
      return 'critical';
  }
}
