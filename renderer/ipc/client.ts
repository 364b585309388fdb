import { AppError } from '../../shared/errors/app-error.js';
import type { Bridge, Input, Output, RequestName } from '../../shared/ipc/contract.js';

export type Client = Pick<Bridge, 'subscribe'> & {
  readonly request: <N extends RequestName>(name: N, input: Input<N>) => Promise<Output<N>>;
};

/** Rebuilds errors on this side of the context bridge, which copies an Error but drops its own fields. */
export function createClient(bridge: Bridge): Client {
  return {
    subscribe: bridge.subscribe,
    async request(name, input) {
      const result = await bridge.request(name, input);
      if (!result.ok) {
        throw AppError.fromJson(result.error);
      }
      return result.value;
    },
  };
}
