import { z } from 'zod';

/** What can be made to go wrong in the practice range. Names are written to journals: never rename one. */
export const RangeFault = z.enum([
  'image-missing',
  'engine-unreachable',
  'name-taken',
  'port-taken',
  'ignores-stop',
  'never-healthy',
  'slow',
]);
export type RangeFault = z.infer<typeof RangeFault>;

export type RangeFaultText = {
  readonly title: string;
  readonly text: string;
  /** Whether it meets a service of a swarm too. */
  readonly ofSwarm: boolean;
};

export const rangeFaultTexts: Readonly<Record<RangeFault, RangeFaultText>> = {
  'image-missing': {
    title: 'Target image vanishes',
    text: 'The image is on offer when the target is chosen and gone when the plan looks for it.',
    ofSwarm: false,
  },
  'engine-unreachable': {
    title: 'Engine drops the line',
    text: 'The engine takes the order to stop or to roll back, then answers nobody for a few seconds.',
    ofSwarm: true,
  },
  'name-taken': {
    title: 'Name in use',
    text: 'A container of somebody else holds the replacement’s name for a few seconds.',
    ofSwarm: false,
  },
  'port-taken': {
    title: 'Port in use',
    text: 'The first start of the replacement finds its published port allocated.',
    ofSwarm: false,
  },
  'ignores-stop': {
    title: 'Stop is ignored',
    text: 'The serving container ignores the request to stop and is killed when its grace ends.',
    ofSwarm: true,
  },
  'never-healthy': {
    title: 'Target never gets healthy',
    text: 'Every version but the sick one starts, answers, and never reports healthy.',
    ofSwarm: true,
  },
  slow: {
    title: 'Everything is slow',
    text: 'Starting, stopping and answering take four times as long.',
    ofSwarm: true,
  },
};
