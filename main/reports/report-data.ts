import { drillChecklist } from '../../shared/drill/checklist.js';
import type { DrillLine } from '../../shared/drill/checklist.js';
import type { Evidence } from '../../shared/decision/evidence.js';
import { figures } from '../../shared/metrics/figures.js';
import type { RunRecord } from '../../shared/run/events.js';
import type { Baseline, Review } from '../../shared/run/facts.js';
import { lossBeforeIt, predictedLoss } from '../../shared/run/predicted-loss.js';
import { reduce, emptyRun } from '../../shared/run/reduce.js';
import type { Moment, RunState, StartedRun } from '../../shared/run/state.js';
import { decisionOf } from './decision-data.js';
import type { DecisionData } from './decision-data.js';
import { checklistOf, messagesOf, stepsOf } from './progress-data.js';
import type { ChecklistRow, MessageRow, StepRow } from './progress-data.js';
import { healthOf, timelineOf, watchOf } from './time-data.js';
import type { HealthRow, TimelineRow, WatchData } from './time-data.js';

/** Everything a report tells, as data. The JSON report is this; the other formats are made from it. */
export type ReportData = {
  readonly lastgoodReport: 1;
  readonly runId: string;
  readonly kind: StartedRun['kind'];
  readonly outcome: 'rolled-back' | 'rolled-forward' | 'abandoned' | 'open';
  readonly closingReason: string | null;
  readonly writtenAt: string;
  readonly service: { readonly name: string; readonly title: string };
  readonly environment: { readonly name: string; readonly tier: string; readonly url: string };
  readonly procedure: { readonly id: string; readonly title: string };
  readonly operator: string;
  readonly startedAt: string;
  readonly faults: readonly string[];
  readonly from: VersionData | null;
  readonly to: VersionData | null;
  readonly figures: {
    readonly rollbackSeconds: number | null;
    readonly downtimeSeconds: number | null;
    readonly unhealthySeconds: number | null;
    readonly estimateSeconds: { readonly from: number; readonly to: number };
    /** False while the run goes on: the figures are those of `writtenAt`. */
    readonly isFinal: boolean;
  };
  readonly evidence: Evidence;
  readonly decision: DecisionData | null;
  readonly baseline: Baseline | null;
  readonly checklist: readonly ChecklistRow[];
  readonly steps: readonly StepRow[];
  readonly health: readonly HealthRow[];
  readonly watch: WatchData | null;
  readonly messages: readonly MessageRow[];
  readonly notes: readonly { readonly at: string; readonly by: string; readonly text: string }[];
  readonly review: Review;
  /** What was said of the loss at the decision; null where it was not looked at. */
  readonly predictedLoss: string | null;
  /** What was counted right before data was replaced; null where that was not. */
  readonly lossBeforeIt: string | null;
  /** Empty for an incident. */
  readonly drillChecklist: readonly DrillLine[];
  readonly timeline: readonly TimelineRow[];
  readonly journal: { readonly records: number; readonly headHash: string };
  readonly appVersion: string;
};

export type VersionData = {
  readonly version: string;
  readonly id: string;
  readonly names: readonly string[];
  readonly createdAt: string | null;
};

export type ReportSource = {
  readonly records: readonly RunRecord[];
  /** SHA-256 of the journal's last line: kept in the report, it shows whether the end was changed since. */
  readonly headHash: string;
  /** For a run that nobody drives: the moment of its last record. */
  readonly now: Moment;
};

/** Null for a journal that holds no start. */
export function reportData({ records, headHash, now }: ReportSource): ReportData | null {
  const state = records.reduce(reduce, emptyRun);
  const { started } = state;
  return started === null
    ? null
    : {
        lastgoodReport: 1,
        ...headOf(state, started),
        writtenAt: now.at,
        figures: figuresOf(state, started, now),
        evidence: state.evidence,
        decision: decisionOf(state, started),
        baseline: state.baseline,
        checklist: checklistOf(state, started),
        steps: stepsOf(state, now),
        health: healthOf(state, now),
        watch: watchOf(state),
        messages: messagesOf(state, started),
        notes: state.notes.map(({ at, by, text }) => ({ at: at.at, by, text })),
        review: state.review,
        predictedLoss: predictedLoss(state),
        lossBeforeIt: lossBeforeIt(state),
        drillChecklist: started.kind === 'drill' ? drillChecklist(state) : [],
        timeline: timelineOf(records, state),
        journal: { records: records.length, headHash },
      };
}

function headOf(state: RunState, started: StartedRun) {
  const { runId, kind, runbook, environment, procedure, faults, appVersion } = started;
  return {
    runId,
    kind,
    outcome: outcomeOf(state),
    closingReason: state.closed?.reason ?? null,
    service: { name: runbook.service.name, title: runbook.service.title },
    environment: { name: environment.name, tier: environment.tier, url: environment.url },
    procedure: { id: procedure.id, title: procedure.title },
    operator: state.operator,
    startedAt: started.at.at,
    faults,
    from: versionOf(state.from),
    to: versionOf(state.target),
    appVersion,
  };
}

function outcomeOf({ closed }: RunState): ReportData['outcome'] {
  return closed?.outcome ?? 'open';
}

function versionOf(target: RunState['target']): VersionData | null {
  if (target === null) {
    return null;
  }
  const { version, id, names, createdAt } = target;
  return { version, id, names, createdAt };
}

function figuresOf(state: RunState, { procedure }: StartedRun, now: Moment) {
  const { rollbackSeconds, downtimeSeconds, unhealthySeconds, isFinal } = figures(state, now);
  return {
    rollbackSeconds: inMilliseconds(rollbackSeconds),
    downtimeSeconds: inMilliseconds(downtimeSeconds),
    unhealthySeconds: inMilliseconds(unhealthySeconds),
    estimateSeconds: procedure.estimateSeconds,
    isFinal,
  };
}

/** More digits than the clock has would only pretend. */
function inMilliseconds(seconds: number | null): number | null {
  return seconds === null ? null : Math.round(seconds * 1000) / 1000;
}
