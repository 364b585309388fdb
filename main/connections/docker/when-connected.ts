import type { Socket } from 'node:net';

/** The connection once it stands; rejects with the system's own error. */
export function whenConnected<Kind extends Socket>(
  socket: Kind,
  event: 'connect' | 'secureConnect',
  signal: AbortSignal,
): Promise<Kind> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      socket.destroy();
      reject(Object.assign(new Error('no connection in time'), { code: 'ETIMEDOUT' }));
    };
    signal.addEventListener('abort', onAbort, { once: true });
    const over = (): void => {
      signal.removeEventListener('abort', onAbort);
    };
    // This one stays: a late error without a listener would end the process.
    socket.on('error', (error) => {
      over();
      reject(error);
    });
    socket.once(event, () => {
      over();
      resolve(socket);
    });
  });
}
