import { AppError } from '../../shared/errors/app-error.js';
import type { LogLine } from './ports.js';

export type LogReader = {
  /** Takes bytes as they come, cut anywhere. */
  push(chunk: Buffer): void;
  /** Hands over what came without a line end. */
  end(): void;
};

type Stream = LogLine['stream'];

/** Longer lines are cut: one runaway line must not fill the memory. */
const maxLineBytes = 64 * 1024;
const headerBytes = 8;
const maxFrameBytes = 16 * 1024 * 1024;
const newline = 0x0a;

/**
 * Reads the engine's log stream into lines. A container without a terminal sends frames (8 bytes of header: stream and
 * length), one per message; with one it sends plain bytes. Works in one loop over each chunk, because 64 KiB can hold
 * thousands of frames and a call per frame would exhaust the stack.
 */
export function createLogReader(tty: boolean, onLine: (line: LogLine) => void): LogReader {
  const lines = {
    stdout: new LineAssembler('stdout', tty, onLine),
    stderr: new LineAssembler('stderr', tty, onLine),
  };
  const frames = new FrameReader((stream, message) => {
    lines[stream].message(message);
  });
  return {
    push: (chunk) => {
      if (tty) {
        lines.stdout.bytes(chunk);
      } else {
        frames.push(chunk);
      }
    },
    end: () => {
      lines.stdout.end();
      lines.stderr.end();
    },
  };
}

class FrameReader {
  readonly #onFrame: (stream: Stream, message: Buffer) => void;
  /** Bytes of the frame at hand, header first; joined once when they are all there. */
  #parts: Buffer[] = [];
  #have = 0;
  #need = headerBytes;

  constructor(onFrame: (stream: Stream, message: Buffer) => void) {
    this.#onFrame = onFrame;
  }

  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      const part = chunk.subarray(at, at + this.#need - this.#have);
      this.#parts.push(part);
      this.#have += part.length;
      at += part.length;
      if (this.#have === this.#need) {
        this.#complete();
      }
    }
  }

  #complete(): void {
    const bytes = Buffer.concat(this.#parts);
    if (this.#need === headerBytes) {
      this.#need = headerBytes + frameLength(bytes);
      this.#parts = [bytes];
      if (this.#need > headerBytes) {
        return;
      }
    }
    this.#parts = [];
    this.#have = 0;
    this.#need = headerBytes;
    // 2 is stderr, 3 the engine's own words about the stream; both belong to what went wrong.
    this.#onFrame(bytes.readUInt8(0) >= 2 ? 'stderr' : 'stdout', bytes.subarray(headerBytes));
  }
}

function frameLength(header: Buffer): number {
  const length = header.readUInt32BE(4);
  // Stream number, then three zeros.
  const isHeader = header.readUInt8(0) <= 3 && header.readUIntBE(1, 3) === 0;
  if (!isHeader || length > maxFrameBytes) {
    throw new AppError('DOCKER_ANSWER_UNREADABLE', "The engine's log stream is not in frames.");
  }
  return length;
}

/** Joins bytes, not text, so that a character cut between two messages comes out whole. */
class LineAssembler {
  readonly #stream: Stream;
  readonly #onLine: (line: LogLine) => void;
  #parts: Buffer[] = [];
  #length = 0;
  #at: string | null = null;
  #isOpen = false;
  #dropped = 0;
  /** Plain bytes, without frames that tell where a part of a long line begins. */
  readonly #isPlain: boolean;

  constructor(stream: Stream, isPlain: boolean, onLine: (line: LogLine) => void) {
    this.#isPlain = isPlain;
    this.#stream = stream;
    this.#onLine = onLine;
  }

  /** One message of the engine. The continuation of a long line carries a time of its own, which is no part of the text. */
  message(message: Buffer): void {
    this.bytes(this.#isOpen ? message.subarray(timeLength(message)) : message);
  }

  bytes(chunk: Buffer): void {
    let from = 0;
    while (from < chunk.length) {
      const end = chunk.indexOf(newline, from);
      this.#add(chunk.subarray(from, end === -1 ? chunk.length : end));
      if (end === -1) {
        return;
      }
      this.#flush();
      from = end + 1;
    }
  }

  end(): void {
    if (this.#isOpen) {
      this.#flush();
    }
  }

  #add(part: Buffer): void {
    this.#isOpen = true;
    const room = maxLineBytes - this.#length;
    if (room > 0 && part.length > 0) {
      this.#parts.push(part.subarray(0, room));
      this.#length += Math.min(part.length, room);
    }
    this.#dropped += Math.max(0, part.length - Math.max(0, room));
  }

  #flush(): void {
    const line = Buffer.concat(this.#parts);
    const time = timeLength(line);
    if (time > 0) {
      this.#at = line.toString('latin1', 0, time - 1);
    }
    const whole = this.#isPlain ? withoutPartTimes(line, time) : line;
    const more = this.#dropped === 0 ? '' : ` … (${this.#dropped} more bytes)`;
    const text = readable(whole.toString('utf8', time)) + more;
    this.#dropped = 0;
    this.#parts = [];
    this.#length = 0;
    this.#isOpen = false;
    this.#onLine({ at: this.#at ?? new Date().toISOString(), stream: this.#stream, text });
  }
}

const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d) /;

/** Length of the engine's time and the blank after it; 0 when there is none. */
function timeLength(bytes: Buffer): number {
  return time.exec(bytes.toString('latin1', 0, 40))?.[0].length ?? 0;
}

/** The engine hands over a line in parts of this size or, where it replaced broken characters, a little more. */
const partBytes = 16 * 1024;

/** With a terminal, the times of the later parts stand in the middle of the text; all are that of the first. */
function withoutPartTimes(line: Buffer, time: number): Buffer {
  const stamp = line.subarray(0, time);
  const parts: Buffer[] = [];
  let from = 0;
  let at = time === 0 ? -1 : line.indexOf(stamp, time + partBytes);
  while (at !== -1) {
    parts.push(line.subarray(from, at));
    from = at + time;
    at = line.indexOf(stamp, from + partBytes);
  }
  return from === 0 ? line : Buffer.concat([...parts, line.subarray(from)]);
}

// A log may hold anything; what moves a cursor or hides text must not reach a terminal or the page.
const unreadable = /\u001b\[[0-9;?]*[ -/]*[@-~]|[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

function readable(text: string): string {
  return text.replaceAll(unreadable, '');
}
