/** How fast the range lives. Its timers never keep the console running. */
export type Pace = {
  readonly scaled: (milliseconds: number) => number;
  readonly wait: (milliseconds: number) => Promise<void>;
  /** Runs `action` later, unless the answer is called or the world has been closed before. */
  readonly after: (milliseconds: number, action: () => void) => () => void;
  /** Cancels everything that was to come; waits never resolve again. */
  readonly stop: () => void;
};

export function createPace(factor: number): Pace {
  const timers = new Set<NodeJS.Timeout>();
  let isStopped = false;
  const after = (milliseconds: number, action: () => void): (() => void) => {
    if (isStopped) {
      return () => undefined;
    }
    const timer = setTimeout(() => {
      timers.delete(timer);
      action();
    }, milliseconds * factor);
    timer.unref();
    timers.add(timer);
    return () => {
      clearTimeout(timer);
      timers.delete(timer);
    };
  };
  return {
    scaled: (milliseconds) => milliseconds * factor,
    after,
    wait: (milliseconds) =>
      new Promise((resolve) => {
        after(milliseconds, resolve);
      }),
    stop: () => {
      isStopped = true;
      timers.forEach((timer) => {
        clearTimeout(timer);
      });
      timers.clear();
    },
  };
}
