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

export type RangeFaultText = { readonly title: string; readonly text: string };

export const rangeFaultTexts: Readonly<Record<RangeFault, RangeFaultText>> = {
  'image-missing': {
    title: 'Target image vanishes',
    text: 'The image is on offer when the target is chosen and gone when the plan looks for it.',
  },
  'engine-unreachable': {
    title: 'Engine drops the line',
    text: 'The engine takes the order to stop, then answers nobody for a few seconds.',
  },
  'name-taken': {
    title: 'Name in use',
    text: 'A container of somebody else holds the replacement’s name for a few seconds.',
  },
  'port-taken': {
    title: 'Port in use',
    text: 'The first start of the replacement finds its published port allocated.',
  },
  'ignores-stop': {
    title: 'Stop is ignored',
    text: 'The serving container ignores the request to stop and is killed when its grace ends.',
  },
  'never-healthy': {
    title: 'Target never gets healthy',
    text: 'Every version but the sick one starts, answers, and never reports healthy.',
  },
  slow: {
    title: 'Everything is slow',
    text: 'Starting, stopping and answering take four times as long.',
  },
};
