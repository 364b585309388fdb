import { describe, expect, test } from 'vitest';
import { ChannelGate } from '../../../../../main/connections/ssh/channel-gate.js';
import type { Place } from '../../../../../main/connections/ssh/channel-gate.js';

const never = new AbortController().signal;
const stopped = () => new Error('stopped');

function enter(
  gate: ChannelGate,
  signal = never,
): { place: Promise<Place>; isInside: () => Promise<boolean> } {
  const place = gate.enter(signal, stopped);
  let isInside = false;
  place.then(
    () => {
      isInside = true;
    },
    () => undefined,
  );
  return {
    place,
    isInside: async () => {
      await Promise.resolve();
      await Promise.resolve();
      return isInside;
    },
  };
}

describe('places for channels', () => {
  test('lets in so many, and the next in order when one leaves', async () => {
    const gate = new ChannelGate(2);
    const [first, second, third, fourth] = [enter(gate), enter(gate), enter(gate), enter(gate)];
    expect(await second.isInside()).toBe(true);
    expect(await third.isInside()).toBe(false);
    const place = await first.place;
    place.leave();
    place.leave();
    expect(await third.isInside()).toBe(true);
    expect(await fourth.isInside()).toBe(false);
  });

  test('takes whoever has stopped waiting out of the row', async () => {
    const gate = new ChannelGate(1);
    const stop = new AbortController();
    const [inside, waiting, next] = [enter(gate), enter(gate, stop.signal), enter(gate)];
    stop.abort();
    await expect(waiting.place).rejects.toThrow('stopped');
    (await inside.place).leave();
    expect(await next.isInside()).toBe(true);
    await expect(enter(gate, stop.signal).place).rejects.toThrow('stopped');
  });

  test('lets in no more than a server has taken beside a refused one', async () => {
    const gate = new ChannelGate(8);
    const entered = Array.from({ length: 4 }, () => enter(gate));
    const places = await Promise.all(entered.map(({ place }) => place));
    expect(await places[3]!.refuse(0)).toBe('again');
    const [again, more] = [enter(gate), enter(gate)];
    expect(await again.isInside()).toBe(false);
    places[0]!.leave();
    expect(await again.isInside()).toBe(true);
    expect(await more.isInside()).toBe(false);
  });

  test('gives up on a server that takes nobody, after some more tries', async () => {
    const gate = new ChannelGate(8);
    expect(await (await gate.enter(never, stopped)).refuse(0)).toBe('again-alone');
    expect(await (await gate.enter(never, stopped)).refuse(3)).toBe('in-vain');
    expect(await enter(gate).isInside()).toBe(true);
  });

  test('tells everybody who waits that the line has gone', async () => {
    const gate = new ChannelGate(1);
    await gate.enter(never, stopped);
    const waiting = [enter(gate), enter(gate)];
    gate.clear(new Error('gone'));
    for (const { place } of waiting) {
      await expect(place).rejects.toThrow('gone');
    }
  });
});
