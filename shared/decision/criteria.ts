import { assertNever } from '../assert-never.js';
import type { Criterion } from '../runbook/decision-schema.js';
import type { Evidence } from './evidence.js';

/** What is not known meets no criterion: null is never taken for zero. */
export function isMet({ id, rule }: Criterion, evidence: Evidence): boolean {
  switch (rule.by) {
    case 'errorRatePercent':
    case 'performanceLossPercent':
    case 'costOverrunPercent': {
      const reading = evidence[rule.by];
      return reading !== null && reading.value > rule.over;
    }
    case 'affectedPercent':
      return evidence.affectedPercent !== null && evidence.affectedPercent.value < rule.under;
    case 'dataImpact': {
      const { dataImpact } = evidence;
      return dataImpact !== null && dataImpact !== 'none' && rule.is.includes(dataImpact);
    }
    case 'securityFinding':
      return evidence.securityFinding === true;
    case 'cannotFixForward':
      return evidence.canFixForward === false;
    case 'said':
      return evidence.saidCriteria.includes(id);
    default:
      return assertNever(rule);
  }
}
