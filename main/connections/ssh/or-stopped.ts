/** Stops waiting when the signal fires; what comes later is handed to `tooLate`. */
export function orStopped<T>(
  work: Promise<T>,
  signal: AbortSignal,
  ends: { readonly stopped: () => Error; readonly tooLate: (late: T) => void },
): Promise<T> {
  return new Promise((resolve, reject) => {
    let isOver = false;
    const onAbort = (): void => {
      isOver = true;
      reject(ends.stopped());
    };
    if (signal.aborted) {
      onAbort();
    }
    signal.addEventListener('abort', onAbort, { once: true });
    const settle = (): void => {
      signal.removeEventListener('abort', onAbort);
    };
    work.then(
      (value) => {
        settle();
        if (isOver) {
          ends.tooLate(value);
        } else {
          resolve(value);
        }
      },
      (thrown: unknown) => {
        settle();
        reject(thrown instanceof Error ? thrown : new Error('unknown fault', { cause: thrown }));
      },
    );
  });
}
