import { z } from 'zod';

/** The engine's own rule for names of services; also keeps a name from being read as an option or a path. */
export const ServiceName = z
  .string()
  .regex(
    /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}$/,
    'the name of a swarm service: letters, digits, dot, dash, underscore',
  );

/** What pins a specification: the hash over all of it, values included. */
export const SpecHash = z
  .string()
  .regex(/^spec:[0-9a-f]{64}$/, 'the hash of a specification: spec and 64 hex digits');
