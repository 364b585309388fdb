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
/** What cannot move: an image on the engine by its id, or one of a registry by its digest. */
export const PinnedImage = z
  .string()
  .regex(
    /^(?:[a-z0-9][a-z0-9._/:-]{0,254}@)?sha256:[0-9a-f]{64}$/,
    'an image id, or a repository with the digest of an image',
  );
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

/** A digest keeps the name of its repository, without which it says nothing. */
export function shortId(id: string): string {
  const [repository, digest] = id.split('@');
  return digest === undefined
    ? id.replace(/^sha256:/, '').slice(0, 12)
    : `${repository ?? ''}@${digest.replace(/^sha256:/, '').slice(0, 12)}`;
}

function isPattern(source: string): boolean {
  try {
    return new RegExp(source) instanceof RegExp;
  } catch {
    return false;
  }
}
