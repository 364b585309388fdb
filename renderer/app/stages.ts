import type { Stage } from '../../shared/run/select.js';

export const stages = [
  { id: 'decide', title: 'Decide', key: '1' },
  { id: 'prepare', title: 'Prepare', key: '2' },
  { id: 'execute', title: 'Execute', key: '3' },
  { id: 'verify', title: 'Verify', key: '4' },
  { id: 'communicate', title: 'Communicate', key: '5' },
  { id: 'review', title: 'Review', key: '6' },
] as const satisfies readonly { id: Stage; title: string; key: string }[];
