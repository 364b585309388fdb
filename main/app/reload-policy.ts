export type ReloadPolicyOptions = {
  readonly monotonicMs: () => number;
  readonly maxReloads: number;
  readonly withinMs: number;
};

/** Says whether a page that died is loaded anew. A page that keeps dying is given up, or it would flicker for ever. */
export function createReloadPolicy(options: ReloadPolicyOptions): () => 'reload' | 'give-up' {
  let reloads: number[] = [];
  return () => {
    const now = options.monotonicMs();
    reloads = reloads.filter((at) => now - at < options.withinMs);
    if (reloads.length >= options.maxReloads) {
      return 'give-up';
    }
    reloads.push(now);
    return 'reload';
  };
}
