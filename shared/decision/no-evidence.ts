import type { Evidence } from './evidence.js';

export const noEvidence: Evidence = {
  severity: null,
  errorRatePercent: null,
  performanceLossPercent: null,
  dataImpact: null,
  costOverrunPercent: null,
  affectedPercent: null,
  securityFinding: null,
  canFixForward: null,
  saidCriteria: [],
  symptoms: '',
  impact: '',
};
