import type { WatchSample } from '../../shared/run/facts.js';

/** What a service uses, as far as it could be measured. */
export type Use = Pick<WatchSample, 'cpuPercent' | 'memoryBytes' | 'restarts'>;

export const unknownUse: Use = { cpuPercent: null, memoryBytes: null, restarts: null };
