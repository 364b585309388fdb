import { diskReason } from '../engine/disk-error.js';
import type { LogStore } from '../logs/log-store.js';

const names = { step: 'what the steps say', service: 'the log of the service' } as const;

/** Says in the run that log lines wait for the disk, and when they are on it. */
export function noteUnwrittenLogs(
  logs: Readonly<Record<keyof typeof names, LogStore>>,
  say: (text: string) => void,
): void {
  for (const source of ['step', 'service'] as const) {
    logs[source].onWaiting = (reason) => {
      say(
        reason === null
          ? `The disk takes ${names[source]} again; nothing of it is missing.`
          : `The disk of this computer does not take ${names[source]}: ${diskReason(reason)}. It is kept in memory until there is room, and lost if the console ends before.`,
      );
    };
  }
}
