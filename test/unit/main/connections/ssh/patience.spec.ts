import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Patience } from '../../../../../main/connections/ssh/patience.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('ends after its time', () => {
  const onEnd = vi.fn();
  const patience = new Patience(1_000, onEnd);
  vi.advanceTimersByTime(999);
  expect(onEnd).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(onEnd).toHaveBeenCalledOnce();
  patience.stop();
});

test('stands still while a person thinks, however long, and goes on where it was', async () => {
  const onEnd = vi.fn();
  const patience = new Patience(1_000, onEnd);
  vi.advanceTimersByTime(600);
  let answer: () => void = () => undefined;
  const thinking = patience.without(() => new Promise<void>((resolve) => (answer = resolve)));
  vi.advanceTimersByTime(60_000);
  expect(onEnd).not.toHaveBeenCalled();
  answer();
  await thinking;
  vi.advanceTimersByTime(399);
  expect(onEnd).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(onEnd).toHaveBeenCalledOnce();
});

test('never ends once it was stopped, also in the middle of a question', async () => {
  const onEnd = vi.fn();
  const patience = new Patience(1_000, onEnd);
  await patience.without(() => {
    patience.stop();
    return Promise.resolve();
  });
  vi.advanceTimersByTime(60_000);
  expect(onEnd).not.toHaveBeenCalled();
});
