import { z } from 'zod';

export const Healthcheck = z.looseObject({
  Test: z.array(z.string()).nullish(),
  /** Nanoseconds, as everywhere in the engine's interface. */
  Interval: z.number().nullish(),
  Retries: z.number().nullish(),
});
export type Healthcheck = z.infer<typeof Healthcheck>;
