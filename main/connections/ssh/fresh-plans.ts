import type { LinePlan } from './plan.js';

/** Long enough from what is shown to the connecting that follows; an edited configuration counts soon. */
const freshMs = 10_000;

/**
 * What was just made of the operator's configuration is not asked for again: what is shown before connecting is then
 * what is used, and a program less is waited for.
 */
export class FreshPlans {
  readonly #make: (address: string) => Promise<LinePlan>;
  readonly #nowMs: () => number;
  readonly #made = new Map<string, { readonly atMs: number; readonly plan: Promise<LinePlan> }>();

  constructor(make: (address: string) => Promise<LinePlan>, nowMs = () => performance.now()) {
    this.#make = make;
    this.#nowMs = nowMs;
  }

  /** One that fails is made anew for the next who asks. */
  of(address: string): Promise<LinePlan> {
    const atMs = this.#nowMs();
    const kept = this.#made.get(address);
    if (kept !== undefined && atMs - kept.atMs < freshMs) {
      return kept.plan;
    }
    const plan = this.#make(address);
    this.#made.set(address, { atMs, plan });
    plan.catch(() => {
      if (this.#made.get(address)?.plan === plan) {
        this.#made.delete(address);
      }
    });
    return plan;
  }
}
