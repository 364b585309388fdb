import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { ClientConnection } from '../../../../../main/connections/ssh/client-connection.js';
import type { LibraryClient } from '../../../../../main/connections/ssh/client-connection.js';

/** As the library reads a packet in which a command was begun and has ended already. */
class EndsInThePacket extends EventEmitter implements LibraryClient {
  exec: LibraryClient['exec'] = (_command, opened) => {
    const channel = Object.assign(new PassThrough(), {
      stderr: new PassThrough(),
      close: () => undefined,
    });
    opened(undefined, channel);
    channel.emit('exit', 6);
    channel.emit('close');
  };
  forwardOut = () => undefined;
  openssh_forwardOutStreamLocal = () => undefined;
  end = () => undefined;
  destroy = () => undefined;
}

test('hears the exit code of what ended in the packet that says it was begun', async () => {
  const connection = new ClientConnection(new EndsInThePacket(), 'app');

  const { end } = await connection.exec('exit 6');

  expect(await end).toEqual({ kind: 'exit', exitCode: 6, signalName: null });
});
