import { z } from 'zod';

/** The engine's own rule for container names; also keeps a name from being read as a path or an option. */
export const ContainerName = z
  .string()
  .regex(
    /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,127}$/,
    'a container name: letters, digits, dot, dash, underscore',
  );
export const EngineName = z.string().min(1);
export const ImageId = z
  .string()
  .regex(/^sha256:[0-9a-f]{64}$/, 'an image id: sha256 and 64 hex digits');
export const GraceSeconds = z.number().nonnegative().max(3_600);
export const RestartPolicyJson = z.strictObject({ name: z.string(), maximumRetryCount: z.int() });

/** Regular expressions in runbooks are checked when the plan is made, not in the middle of a run. */
export const Pattern = z.string().refine(isPattern, 'a regular expression');

/** Says which run made a container: what does not carry it is never removed. */
export const runLabel = 'lastgood.run';
export const roleLabel = 'lastgood.role';
/** The restart policy the replaced container had, which is switched off on the kept one. */
export const restartLabel = 'lastgood.restart';
export const replacementRole = 'replacement';

export function shortId(id: string): string {
  return id.replace(/^sha256:/, '').slice(0, 12);
}

function isPattern(source: string): boolean {
  try {
    return new RegExp(source) instanceof RegExp;
  } catch {
    return false;
  }
}
