import type { Bridge } from '../../../shared/ipc/contract.js';

declare global {
  interface Window {
    readonly lastgood: Bridge;
  }
}
