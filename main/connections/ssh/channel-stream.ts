import { Duplex } from 'node:stream';
import type { Readable, Writable } from 'node:stream';
import { cleanText } from './clean-text.js';
import type { SshChannel } from './connection.js';

const maxWordsBytes = 4_096;

type Ends = {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly close: () => void;
};

/** The two directions as one connection that is gone at once when it is given up, whatever the line still does. */
function bridged({ stdin, stdout, close }: Ends): Duplex {
  const stream = new Duplex({
    // Whoever has heard the end of the other side has nothing more to ask it.
    allowHalfOpen: false,
    read: () => {
      stdout.resume();
    },
    write: (chunk: Buffer, _encoding, done) => {
      stdin.write(chunk, (error) => {
        done(error);
      });
    },
    final: (done) => {
      stdin.end(() => {
        done();
      });
    },
    destroy: (error, done) => {
      close();
      done(error);
    },
  });
  // Whoever uses it listens as well; without these a late error would bring the console down.
  stream.on('error', () => undefined);
  stdin.on('error', () => undefined);
  stdout.on('error', () => undefined);
  stdout.on('data', (chunk: Buffer) => {
    if (!stream.destroyed && !stream.push(chunk)) {
      stdout.pause();
    }
  });
  return stream;
}

/** A forwarded connection. `isUp` says whether the line that it is part of still stands. */
export function forwardStream(channel: Duplex, isUp: () => boolean): Duplex {
  const stream = bridged({ stdin: channel, stdout: channel, close: () => channel.destroy() });
  channel.on('end', () => {
    // The server closes a connection only once both sides have ended it.
    channel.end();
  });
  channel.on('close', () => {
    if (isUp()) {
      finish(stream);
    } else {
      breakOff(stream);
    }
  });
  return stream;
}

/**
 * Said by the other side, so whoever reads hears it as an end and not as a break. Nobody may be reading from a connection
 * at rest, and it must be seen to be over all the same.
 */
function finish(stream: Duplex): void {
  if (stream.readableFlowing === true) {
    stream.push(null);
  } else {
    breakOff(stream);
  }
}

function breakOff(stream: Duplex): void {
  if (stream.readableLength === 0) {
    stream.destroy();
  } else {
    stream.push(null);
  }
}

/** A running command as a connection that says why it ended. */
export function channelStream(channel: SshChannel): Duplex {
  const stream = bridged(channel);
  let words = '';
  channel.stderr.on('data', (chunk: Buffer) => {
    words = (words + chunk.toString()).slice(0, maxWordsBytes);
  });
  void channel.end.then((end) => {
    if (end.kind === 'exit' && end.exitCode === 0) {
      finish(stream);
      return;
    }
    const said = cleanText(words, 300);
    const why = end.kind === 'refused' ? end.error.message : said || 'the command ended';
    stream.destroy(Object.assign(new Error(why), { code: 'ECOMMANDENDED' }));
  });
  return stream;
}
