import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { openLine } from '../lab/hosts/line.mjs';

it('keeps the order of what is sent over a long line', async () => {
  const said = Array.from({ length: 400 }, (_, index) => `${String(index)};`);
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    // What is said in the first moments all comes due at much the same time.
    const left = [...said];
    const talking = setInterval(() => {
      const text = left.shift();
      if (text === undefined) {
        clearInterval(talking);
        socket.end();
      } else {
        socket.write(text);
      }
    }, 1);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const line = await openLine((server.address() as AddressInfo).port, { delayMs: 25 });
  try {
    const client = connect(line.port, '127.0.0.1').setEncoding('latin1');
    let heard = '';
    client.on('data', (text) => {
      heard += String(text);
    });
    await once(client, 'close');
    expect(heard).toBe(said.join(''));
  } finally {
    await line.close();
    server.close();
  }
});
