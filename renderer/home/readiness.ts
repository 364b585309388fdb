import type { EnvironmentCard, RunSummary } from '../../shared/ipc/views.js';
import { formatMeasured } from '../../shared/metrics/format-duration.js';
import { count, formatAge } from '../text/format.js';
import type { Tone } from '../ui/status-word.js';

export type Words = { readonly text: string; readonly tone: Tone };

const SOON_DAYS = 14;

/** "last drilled 12 days ago, 6:40". */
export function drillWords({ lastDrill }: EnvironmentCard, nowMs: number): string {
  if (lastDrill === null) {
    return 'never drilled';
  }
  return `last drilled ${formatAge(lastDrill.startedAt, nowMs)}, ${resultWords(lastDrill)}`;
}

export function dueWords({ drillDueInDays }: EnvironmentCard): Words {
  if (drillDueInDays === null) {
    return { text: 'a drill is due', tone: 'warn' };
  }
  if (drillDueInDays < 0) {
    return { text: `drill overdue by ${count(-drillDueInDays, 'day')}`, tone: 'bad' };
  }
  if (drillDueInDays === 0) {
    return { text: 'drill due today', tone: 'warn' };
  }
  const text = `next drill in ${count(drillDueInDays, 'day')}`;
  return { text, tone: drillDueInDays <= SOON_DAYS ? 'warn' : 'ok' };
}

/** The time it took to the target serving, or how else it ended. */
export function resultWords({ outcome, rollbackSeconds }: RunSummary): string {
  if (outcome === 'rolled-back' && rollbackSeconds !== null) {
    return formatMeasured(rollbackSeconds);
  }
  return outcomeWords(outcome).text;
}

export function outcomeWords(outcome: RunSummary['outcome']): Words {
  switch (outcome) {
    case 'rolled-back':
      return { text: 'rolled back', tone: 'ok' };
    case 'rolled-forward':
      return { text: 'rolled forward', tone: 'warn' };
    case 'abandoned':
      return { text: 'abandoned', tone: 'dim' };
    case null:
      return { text: 'not finished', tone: 'warn' };
  }
}

export function secondsOrDash(seconds: number | null): string {
  return seconds === null ? '–' : formatMeasured(seconds);
}
