/** Times in the engine's own form: RFC 3339 with nanoseconds, UTC. */
export type RangeClock = {
  readonly nowMs: () => number;
  /** Strictly rising, so that no two log lines or events ever share a moment. */
  readonly stamp: () => string;
};

export const NEVER = '0001-01-01T00:00:00Z';

export function createClock(now: () => number): RangeClock {
  let last = 0n;
  return {
    nowMs: now,
    stamp: () => {
      const current = BigInt(Math.round(now())) * 1_000_000n;
      last = current > last ? current : last + 1_000n;
      return fromNanoseconds(last);
    },
  };
}

export function fromNanoseconds(nanoseconds: bigint): string {
  const whole = new Date(Number(nanoseconds / 1_000_000n)).toISOString().slice(0, 19);
  return `${whole}.${(nanoseconds % 1_000_000_000n).toString().padStart(9, '0')}Z`;
}

export function fromMilliseconds(milliseconds: number): string {
  return fromNanoseconds(BigInt(Math.round(milliseconds)) * 1_000_000n);
}

/** Reads what clients send as a moment: RFC 3339, or seconds with an optional fraction. Null when it is neither. */
export function toNanoseconds(moment: string): bigint | null {
  const seconds = /^(\d{1,12})(?:\.(\d{1,9}))?$/.exec(moment);
  if (seconds !== null) {
    return BigInt(seconds[1] ?? '0') * 1_000_000_000n + fraction(seconds[2]);
  }
  const date = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(moment);
  const milliseconds = date === null ? Number.NaN : Date.parse(`${date[1]}${date[3]}`);
  return Number.isNaN(milliseconds)
    ? null
    : BigInt(milliseconds) * 1_000_000n + fraction(date?.[2]);
}

function fraction(digits: string | undefined): bigint {
  return BigInt((digits ?? '').padEnd(9, '0'));
}
