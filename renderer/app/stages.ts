import type { Stage } from '../../shared/run/select.js';
import { stageTitles } from '../text/stage-titles.js';

export const stages = [
  { id: 'decide', title: stageTitles.decide, key: '1' },
  { id: 'prepare', title: stageTitles.prepare, key: '2' },
  { id: 'execute', title: stageTitles.execute, key: '3' },
  { id: 'verify', title: stageTitles.verify, key: '4' },
  { id: 'communicate', title: stageTitles.communicate, key: '5' },
  { id: 'review', title: stageTitles.review, key: '6' },
] as const satisfies readonly { id: Stage; title: string; key: string }[];
