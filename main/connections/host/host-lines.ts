import { StringDecoder } from 'node:string_decoder';

/** A longer line is cut, with a mark: one runaway line must not fill the memory. */
const maxLineCharacters = 64 * 1024;
const maxSummaryCharacters = 500;
/** The last line of an output is looked for in this much of its end. */
const summaryBytes = 4096;

const cutMark = (missing: number): string =>
  ` … (${String(missing)} more characters of this line are not shown)`;

/** Takes bytes as they come, cut anywhere, and gives lines that do no harm to a terminal or a page. */
export class HostLines {
  readonly #onLine: (line: string) => void;
  readonly #mostCharacters: number;
  #decoder = new StringDecoder('utf8');
  #line = '';
  #missing = 0;
  #isOpen = false;

  constructor(onLine: (line: string) => void, mostCharacters = maxLineCharacters) {
    this.#onLine = onLine;
    this.#mostCharacters = mostCharacters;
  }

  push(bytes: Uint8Array): void {
    const text = this.#decoder.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
    let from = 0;
    for (;;) {
      const end = text.indexOf('\n', from);
      this.#add(text.slice(from, end === -1 ? text.length : end));
      if (end === -1) {
        return;
      }
      this.#isOpen = true;
      this.#flush();
      from = end + 1;
    }
  }

  /** Hands over what came without a line end. */
  end(): void {
    this.#add(this.#decoder.end());
    this.#decoder = new StringDecoder('utf8');
    this.#flush();
  }

  #add(text: string): void {
    const room = Math.max(this.#mostCharacters - this.#line.length, 0);
    this.#isOpen ||= text !== '';
    this.#missing += Math.max(text.length - room, 0);
    this.#line += text.slice(0, room);
  }

  #flush(): void {
    if (this.#isOpen) {
      this.#onLine(harmless(this.#line) + (this.#missing > 0 ? cutMark(this.#missing) : ''));
    }
    this.#line = '';
    this.#missing = 0;
    this.#isOpen = false;
  }
}

/** Keeps the end of an output, for its last line. */
export class LastLine {
  #end: Buffer = Buffer.alloc(0);

  push(bytes: Uint8Array): void {
    const tail = bytes.subarray(-summaryBytes);
    this.#end = Buffer.from(Buffer.concat([this.#end, tail]).subarray(-summaryBytes));
  }

  clear(): void {
    this.#end = Buffer.alloc(0);
  }

  /** Empty where nothing was printed. */
  get text(): string {
    const line = this.#end.toString('utf8').trimEnd().split('\n').at(-1) ?? '';
    return harmless(line).trim().slice(0, maxSummaryCharacters);
  }
}

// CSI and OSC sequences of a terminal, whole ones only; what is left of others is made visible below.
const sequences = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\))/g;
const controls = /[\u0000-\u0008\u000a-\u001f\u007f]/g;
const invisible = /[\u0080-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** Colours go; what could move a cursor, turn the direction of reading or hide text becomes a visible character. */
export function harmless(text: string): string {
  return text
    .replace(/\r$/, '')
    .replaceAll(sequences, '')
    .replaceAll(controls, (character) =>
      character === '\u007f' ? '\u2421' : String.fromCharCode(0x2400 + character.charCodeAt(0)),
    )
    .replaceAll(invisible, '\ufffd');
}
