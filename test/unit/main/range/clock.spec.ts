import { describe, expect, it } from 'vitest';
import { createClock, toNanoseconds } from '../../../../main/range/clock.js';

describe('the range’s clock', () => {
  it('never gives two moments the same stamp, and never goes back', () => {
    const times = [1_700_000_000_000, 1_700_000_000_000, 1_699_999_999_000, 1_700_000_000_001];
    const clock = createClock(() => times.shift() ?? 0);

    const stamps = [clock.stamp(), clock.stamp(), clock.stamp(), clock.stamp()];

    expect(stamps[0]).toBe('2023-11-14T22:13:20.000000000Z');
    expect(new Set(stamps).size).toBe(4);
    expect(stamps.toSorted()).toEqual(stamps);
  });

  it('reads moments in every form clients send, to the nanosecond', () => {
    expect(toNanoseconds('1700000000')).toBe(1_700_000_000_000_000_000n);
    expect(toNanoseconds('1700000000.5')).toBe(1_700_000_000_500_000_000n);
    expect(toNanoseconds('2023-11-14T22:13:20.000000001Z')).toBe(1_700_000_000_000_000_001n);
    expect(toNanoseconds('2023-11-14T23:13:20+01:00')).toBe(1_700_000_000_000_000_000n);
    expect(toNanoseconds('soon')).toBeNull();
  });
});
