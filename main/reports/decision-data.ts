import { judge } from '../../shared/decision/judge.js';
import type { RunState, StartedRun } from '../../shared/run/state.js';

export type DecisionData = {
  readonly authority: string;
  readonly operator: string;
  readonly at: string;
  readonly reason: string;
  /** The verdict as it stood when the rollback was ordered. */
  readonly verdict: string;
  readonly criteriaFor: readonly string[];
  readonly criteriaAgainst: readonly string[];
  readonly contradictions: readonly string[];
};

export function decisionOf(
  { order, evidence }: RunState,
  { runbook }: StartedRun,
): DecisionData | null {
  if (order === null) {
    return null;
  }
  const { decision } = runbook;
  const { criteriaFor, criteriaAgainst, contradictions } = judge(evidence, decision);
  const texts = new Map(
    [...decision.rollBackWhen, ...decision.doNotRollBackFor].map(({ id, text }) => [id, text]),
  );
  const inWords = (ids: readonly string[]): readonly string[] =>
    ids.map((id) => texts.get(id) ?? id);
  return {
    authority: order.authority,
    operator: order.operator,
    at: order.at.at,
    reason: order.reason,
    verdict: order.verdict,
    criteriaFor: inWords(criteriaFor),
    criteriaAgainst: inWords(criteriaAgainst),
    contradictions,
  };
}
