import type { Evidence, Reading } from '../../shared/decision/evidence.js';

/**
 * What a measurement changes in the evidence. A number that a person typed is never replaced unasked: the
 * measured one is shown beside it and the operator takes it or leaves it.
 */
export function takeMeasured(
  evidence: Evidence,
  errorRatePercent: Reading | null,
): Partial<Evidence> | null {
  if (errorRatePercent === null || evidence.errorRatePercent?.source === 'typed') {
    return null;
  }
  return { errorRatePercent };
}

/** The measured number worth offering beside a typed one; null when they say the same. */
export function offeredBeside(typed: Reading | null, measured: Reading | null): Reading | null {
  if (typed?.source !== 'typed' || measured === null) {
    return null;
  }
  return typed.value === measured.value ? null : measured;
}
