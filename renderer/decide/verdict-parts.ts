import type { Level } from '../../shared/decision/evidence.js';
import type { Advice, Verdict } from '../../shared/decision/verdict.js';
import type { Bands } from '../../shared/runbook/decision-schema.js';

/** The advice as a heading, and the sentence that gives the reasons. */
export function verdictParts({ sentence }: Pick<Verdict, 'sentence'>): {
  readonly heading: string;
  readonly reasons: string;
} {
  const end = sentence.indexOf(': ');
  if (end === -1) {
    return { heading: sentence, reasons: '' };
  }
  const reasons = sentence.slice(end + 2);
  return {
    heading: sentence.slice(0, end),
    reasons: reasons.charAt(0).toUpperCase() + reasons.slice(1),
  };
}

export const adviceTone = {
  'roll-back-now': 'bad',
  'roll-back': 'warn',
  choose: 'accent',
  'fix-forward': 'ok',
  'not-enough-evidence': 'dim',
} as const satisfies Record<Advice, string>;

export const levelWords = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
} as const satisfies Record<Level, string>;

export const decisionWords = {
  critical: 'Roll back now',
  high: 'Roll back',
  medium: 'Fix forward or roll back',
  low: 'Fix forward',
} as const satisfies Record<Level, string>;

/** The sign stays with its number at the end of a line. */
const PERCENT = '\u00a0%';

/** A band as the matrix shows it; the words carry on which side each bound lies. */
export function bandText(level: Level, { medium, high, critical }: Bands): string {
  switch (level) {
    case 'critical':
      return `over ${critical}${PERCENT}`;
    case 'high':
      return `over ${high} – ${critical}${PERCENT}`;
    case 'medium':
      return `${medium} – ${high}${PERCENT}`;
    case 'low':
      return `under ${medium}${PERCENT}`;
  }
}

export const dataWords = {
  critical: 'loss',
  high: 'corruption',
  medium: 'no impact',
  low: 'no impact',
} as const satisfies Record<Level, string>;
