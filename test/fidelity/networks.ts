import fc from 'fast-check';
import type { Lane, Setting } from './combination.js';

export type NetworkKind = 'bridge' | 'own' | 'none' | 'host' | 'container';

export type NetworkPart = {
  readonly kind: NetworkKind;
  readonly settings: readonly Setting[];
  readonly connects: readonly (readonly string[])[];
};

export const frontOf = (lane: Lane): string => `${lane.name}-front`;
export const backOf = (lane: Lane): string => `${lane.name}-back`;
export const otherOf = (lane: Lane): string => `${lane.name}-other`;

const aliases = fc.subarray(['monitor', 'watcher', 'shop.internal']);
const hardware = fc.constantFrom('02:0b:ad:c0:ff:ee', '02:0b:ad:c0:00:01');
const last = fc.integer({ min: 20, max: 120 });

/** Where a container is reached: each way in which an engine connects one. */
export function networks(lane: Lane): fc.Arbitrary<NetworkPart> {
  return fc.oneof(
    { weight: 3, arbitrary: bridge(lane) },
    { weight: 5, arbitrary: own(lane) },
    { weight: 1, arbitrary: alone('none', 'none') },
    { weight: 1, arbitrary: alone('host', 'host') },
    { weight: 1, arbitrary: alone('container', `container:${otherOf(lane)}`) },
  );
}

function alone(kind: NetworkKind, mode: string): fc.Arbitrary<NetworkPart> {
  return fc.constant({ kind, settings: [['--network', mode]], connects: [] });
}

function bridge(lane: Lane): fc.Arbitrary<NetworkPart> {
  return fc
    .record({
      isSaid: fc.boolean(),
      mac: fc.option(hardware),
      isLinked: fc.boolean(),
      back: fc.option(second(lane)),
    })
    .map(({ isSaid, mac, isLinked, back }) => ({
      kind: 'bridge',
      settings: [
        ...(isSaid ? [['--network', 'bridge']] : []),
        ...(mac === null ? [] : [['--mac-address', mac]]),
        ...(isLinked && !isSaid ? [['--link', `${otherOf(lane)}:db`]] : []),
      ],
      connects: back === null ? [] : [back],
    }));
}

function own(lane: Lane): fc.Arbitrary<NetworkPart> {
  return fc
    .record({
      address: fc.option(last.map((number) => `${lane.subnet}.${String(number)}`)),
      names: aliases,
      mac: fc.option(hardware),
      isLinked: fc.boolean(),
      back: fc.option(second(lane)),
    })
    .map(({ address, names, mac, isLinked, back }) => ({
      kind: 'own',
      settings: [
        [
          ...['--network', frontOf(lane)],
          ...(address === null ? [] : ['--ip', address]),
          ...names.flatMap((name) => ['--network-alias', name]),
        ],
        ...(mac === null ? [] : [['--mac-address', mac]]),
        ...(isLinked ? [['--link', `${otherOf(lane)}:db`]] : []),
      ],
      connects: back === null ? [] : [back],
    }));
}

/** A further network, which the container is connected to once it is there. */
function second(lane: Lane): fc.Arbitrary<readonly string[]> {
  return aliases.map((names) => [...names.flatMap((name) => ['--alias', name]), backOf(lane)]);
}
