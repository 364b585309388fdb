import type { EventName, Input, Output, Payload, RequestName } from '../../shared/ipc/contract.js';
import type { Client } from '../../renderer/ipc/client.js';

type Answer = (input: never) => unknown;

/** The page's way to main: answers as a test says, pushes what a test pushes, remembers what was asked. */
export class FakeClient implements Client {
  readonly asked: { readonly name: RequestName; readonly input: unknown }[] = [];
  readonly #answers = new Map<RequestName, Answer>();
  readonly #listeners = new Map<EventName, Set<(payload: never) => void>>();

  answer<N extends RequestName>(
    name: N,
    answer: (input: Input<N>) => Output<N> | Promise<Output<N>>,
  ): void {
    this.#answers.set(name, answer);
  }

  push<N extends EventName>(name: N, payload: Payload<N>): void {
    for (const listener of this.#listeners.get(name) ?? []) {
      listener(payload as never);
    }
  }

  times(name: RequestName): number {
    return this.asked.filter((question) => question.name === name).length;
  }

  readonly request: Client['request'] = async (name, input) => {
    this.asked.push({ name, input });
    const answer = this.#answers.get(name);
    if (answer === undefined) {
      throw new Error(`This test has no answer to ${name}.`);
    }
    return (await answer(input as never)) as never;
  };

  readonly subscribe: Client['subscribe'] = (name, listener) => {
    const listeners = this.#listeners.get(name) ?? new Set();
    listeners.add(listener);
    this.#listeners.set(name, listeners);
    return () => {
      listeners.delete(listener);
    };
  };
}
