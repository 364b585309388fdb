import type { Stage } from '../../shared/run/select.js';

export const stageTitles = {
  decide: 'Decide',
  prepare: 'Prepare',
  execute: 'Execute',
  verify: 'Verify',
  communicate: 'Communicate',
  review: 'Review',
} as const satisfies Record<Stage, string>;
