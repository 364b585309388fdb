import type { CleanUpOffer } from '../../shared/run/clean-up.js';

/** What a closed run has left, for the pictures. */
export const leftByRun: readonly CleanUpOffer[] = [
  {
    id: 'docker/4f1',
    kind: 'container',
    engine: 'docker',
    name: 'parcel-tracker-before-7f3a0000',
    objectId: '4f1',
    facts: [
      'Kept since 2026-11-22 03:14 UTC, 3 days ago; last started 2026-11-20 10:00 UTC.',
      '14.2 MB written outside its volumes are lost, and its log on the engine.',
      'No anonymous volume is left without a container.',
    ],
    refusal: null,
  },
  {
    id: 'docker/9e1',
    kind: 'image',
    engine: 'docker',
    name: 'parcel-tracker:v1.2.0',
    objectId: '9e1',
    facts: [
      'parcel-tracker:v1.2.0: 187.3 MB, less what other images share; made 2026-11-20 09:12 UTC.',
      'No registry is known to have it: no rollback can go back to it afterwards.',
      'Goes only after the container kept of it.',
    ],
    refusal: null,
  },
  {
    id: 'docker/816',
    kind: 'image',
    engine: 'docker',
    name: 'parcel-tracker:v1.1.0',
    objectId: '816',
    facts: [
      'parcel-tracker:v1.1.0: 186.9 MB, less what other images share; made 2026-11-12 16:40 UTC.',
      'No registry is known to have it: no rollback can go back to it afterwards.',
    ],
    refusal: 'In use by parcel-tracker.',
  },
];

export { foundInRegistry } from './registry-targets.js';
