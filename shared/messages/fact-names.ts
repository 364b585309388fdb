/** Everything that a message template may name as `{{fact}}`, with the words shown while it is unknown. */
export const factTitles = {
  service: 'service',
  environment: 'environment',
  kind: 'incident or drill',
  from: 'version before',
  to: 'version to return to',
  serving: 'version that serves now',
  outcome: 'outcome',
  state: 'state',
  reason: 'reason',
  impact: 'impact',
  eta: 'expected end',
  nextUpdate: 'next update',
  downtime: 'downtime',
  duration: 'duration',
  verification: 'verification',
  dataLoss: 'data loss',
  rootCause: 'root cause',
  nextSteps: 'next steps',
  reviewDate: 'date of the review',
  authority: 'who ordered it',
  operator: 'who operates',
} as const satisfies Record<string, string>;

export type FactName = keyof typeof factTitles;

export function isFactName(name: string): name is FactName {
  return Object.hasOwn(factTitles, name);
}
