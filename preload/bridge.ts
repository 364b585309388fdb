import type { IpcRenderer, IpcRendererEvent } from 'electron';
import type { Bridge } from '../shared/ipc/contract.js';

/** Must equal CHANNEL_PREFIX (a test checks): nothing but types comes into this bundle from elsewhere. */
export const PREFIX = 'lastgood:';

export function createBridge(ipc: Pick<IpcRenderer, 'invoke' | 'on' | 'off'>): Bridge {
  return {
    request: (name, input) => ipc.invoke(PREFIX + name, input),
    subscribe: (name, listener) => {
      // The event object stays here: it carries `sender`, which must not reach the page.
      const forward = (_event: IpcRendererEvent, payload: Parameters<typeof listener>[0]): void => {
        listener(payload);
      };
      ipc.on(PREFIX + name, forward);
      return () => {
        ipc.off(PREFIX + name, forward);
      };
    },
  };
}
