import type { z } from 'zod';

/** Any value that survives a round trip through JSON. */
export type Json = z.infer<ReturnType<typeof z.json>>;
