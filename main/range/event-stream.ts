import type { RangeClock } from './clock.js';
import { toNanoseconds } from './clock.js';
import type { ContainerRecord } from './world.js';

export type EngineEvent = {
  readonly status: string;
  readonly id: string;
  readonly from: string;
  readonly Type: 'container';
  readonly Action: string;
  readonly Actor: { readonly ID: string; readonly Attributes: Readonly<Record<string, string>> };
  readonly scope: 'local';
  readonly time: number;
  readonly timeNano: number;
};

export type MomentOfEvent = { readonly at: bigint; readonly event: EngineEvent };

/** As many as the real engine remembers. */
const REMEMBERED = 256;

export class EventStream {
  readonly #clock: RangeClock;
  readonly #listeners = new Set<(moment: MomentOfEvent) => void>();
  #past: MomentOfEvent[] = [];

  constructor(clock: RangeClock) {
    this.#clock = clock;
  }

  get past(): readonly MomentOfEvent[] {
    return this.#past;
  }

  publish(
    action: string,
    container: ContainerRecord,
    attributes: Readonly<Record<string, string>> = {},
  ): void {
    const at = toNanoseconds(this.#clock.stamp()) ?? 0n;
    const image = container.config.Image ?? container.imageId;
    const event: EngineEvent = {
      status: action,
      id: container.id,
      from: image,
      Type: 'container',
      Action: action,
      Actor: {
        ID: container.id,
        Attributes: { ...container.config.Labels, image, name: container.name, ...attributes },
      },
      scope: 'local',
      time: Number(at / 1_000_000_000n),
      timeNano: Number(at),
    };
    this.#past = [...this.#past, { at, event }].slice(-REMEMBERED);
    this.#listeners.forEach((listener) => {
      listener({ at, event });
    });
  }

  /** Answers how to stop listening. */
  subscribe(listener: (moment: MomentOfEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
