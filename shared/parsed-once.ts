/**
 * For what is parsed a few times only. A schema otherwise compiles itself at its first use, which pays off over the
 * hundred thousand records of a journal, and costs a rollback that waits to begin.
 */
export const parsedOnce = { jitless: true } as const;
