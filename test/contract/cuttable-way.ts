import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

export type CutPoint = { readonly port: number } | { readonly path: string };

/** A way to a port or a socket of this machine that can be cut like a cable. */
export class CuttableWay {
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  #isCut = false;
  port = 0;

  constructor(to: CutPoint) {
    // Each side may end for itself, as over a real cable.
    this.#server = createServer({ allowHalfOpen: true }, (near) => {
      if (this.#isCut) {
        near.destroy();
        return;
      }
      const far = connect({ host: '127.0.0.1', ...to, allowHalfOpen: true });
      for (const end of [near, far]) {
        this.#sockets.add(end);
        end.on('error', () => undefined);
        end.on('close', () => {
          this.#sockets.delete(end);
          near.destroy();
          far.destroy();
        });
      }
      near.pipe(far).pipe(near);
    });
  }

  /** On a free port of loopback. */
  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.port = (this.#server.address() as AddressInfo).port;
  }

  openAt(socket: string): void {
    this.#server.listen(socket);
  }

  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) {
      socket.destroy();
    }
  }

  restore(): void {
    this.#isCut = false;
  }

  close(): void {
    this.cut();
    this.#server.close();
  }
}
