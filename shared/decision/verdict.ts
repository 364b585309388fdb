import type { Level } from './evidence.js';

export type Advice =
  | 'roll-back-now'
  | 'roll-back'
  /** Fix forward or roll back: the operator chooses and says why. */
  | 'choose'
  | 'fix-forward'
  | 'not-enough-evidence';

export type Column = 'severity' | 'errorRate' | 'performance' | 'dataImpact';

export type Cell = {
  readonly column: Column;
  /** Null while nothing is known. */
  readonly level: Level | null;
  /** Whether this cell is one of the worst, and so decided the level. */
  readonly decided: boolean;
};

export type Verdict = {
  /** The worst of what is known; null while nothing is. */
  readonly level: Level | null;
  readonly advice: Advice;
  readonly cells: readonly Cell[];
  /** Ids of the criteria that the evidence meets. */
  readonly criteriaFor: readonly string[];
  readonly criteriaAgainst: readonly string[];
  readonly contradictions: readonly string[];
  readonly sentence: string;
};
