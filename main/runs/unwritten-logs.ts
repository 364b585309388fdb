import { AppError } from '../../shared/errors/app-error.js';
import { count } from '../../shared/count.js';
import { diskReason } from '../engine/disk-error.js';
import type { LogStore } from '../logs/log-store.js';

const names = { step: 'what the steps say', service: 'the log of the service' } as const;

/** Says in the run that log lines wait for the disk, and when they are on it. */
export function noteUnwrittenLogs(
  logs: Readonly<Record<keyof typeof names, LogStore>>,
  say: (text: string) => void,
): void {
  for (const source of ['step', 'service'] as const) {
    logs[source].onWaiting = (reason, leftOut) => {
      say(
        reason === null
          ? `The disk takes ${names[source]} again; ${leftOut === 0 ? 'nothing of it is missing' : `${String(leftOut)} lines of it are missing, for which memory had no room either`}.`
          : `The disk of this computer does not take ${names[source]}: ${diskReason(reason)}. It is kept in memory until there is room, and lost if the console ends before.`,
      );
    };
  }
}

/** For a step whose very purpose is to keep a log: LOG_NOT_KEPT names how much of it only waits in memory, or is lost. */
export async function mustBeKept(log: LogStore): Promise<void> {
  const unwritten = await log.unwritten();
  if (unwritten === null) {
    return;
  }
  const { waiting, leftOut, reason } = unwritten;
  const parts = [
    ...(waiting === 0 ? [] : [`${count(waiting, 'line')} wait in memory: ${diskReason(reason)}`]),
    ...(leftOut === 0
      ? []
      : [`${count(leftOut, 'line')} were left out, for which memory had no room`]),
  ];
  throw new AppError('LOG_NOT_KEPT', `The log is not kept: ${parts.join('; ')}.`);
}
