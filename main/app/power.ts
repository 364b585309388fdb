import type { PowerMonitor, PowerSaveBlocker } from 'electron';

export type PowerOptions = {
  readonly powerMonitor: Pick<PowerMonitor, 'on'>;
  readonly powerSaveBlocker: Pick<PowerSaveBlocker, 'start' | 'stop'>;
  readonly onSuspend: () => void;
  readonly onResume: () => void;
};

export type Power = {
  /** While true the machine does not fall asleep by itself; closing the lid still puts it to sleep. */
  readonly keepAwake: (isNeeded: boolean) => void;
};

export function watchPower(options: PowerOptions): Power {
  let blocker: number | null = null;
  options.powerMonitor.on('suspend', options.onSuspend);
  options.powerMonitor.on('resume', options.onResume);
  return {
    keepAwake: (isNeeded) => {
      if (isNeeded && blocker === null) {
        blocker = options.powerSaveBlocker.start('prevent-app-suspension');
      } else if (!isNeeded && blocker !== null) {
        options.powerSaveBlocker.stop(blocker);
        blocker = null;
      }
    },
  };
}
