export type RecordHandlers = {
  /** The words of a record; the first says which. */
  readonly onRecord: (words: readonly string[]) => void;
  /** What lies between records. Nothing before the first one: that is what a login shell printed. */
  readonly onBytes: (bytes: Buffer) => void;
};

const newline = 0x0a;
/** Longer than any record that our scripts write. */
const maxRecordBytes = 4096;

/** What a script prints before each record; random, so that no output can be taken for one. */
export const recordMark = (token: string): string => `\u001e${token} `;

/** Takes the output of a script apart: bytes come cut anywhere, records stand anywhere in them. */
export class RecordStream {
  readonly #mark: Buffer;
  readonly #handlers: RecordHandlers;
  #held: Buffer = Buffer.alloc(0);
  #hasBegun = false;

  constructor(token: string, handlers: RecordHandlers) {
    this.#mark = Buffer.from(recordMark(token));
    this.#handlers = handlers;
  }

  push(bytes: Uint8Array): void {
    let data = this.#held.length === 0 ? Buffer.from(bytes) : Buffer.concat([this.#held, bytes]);
    for (;;) {
      const at = data.indexOf(this.#mark);
      if (at === -1) {
        this.#keep(data);
        return;
      }
      this.#pass(data.subarray(0, at));
      data = data.subarray(at);
      const end = data.indexOf(newline);
      if (end === -1 && data.length <= maxRecordBytes) {
        this.#held = data;
        return;
      }
      this.#hasBegun = true;
      const line = data.toString('utf8', this.#mark.length, end === -1 ? maxRecordBytes : end);
      data = data.subarray(end === -1 ? maxRecordBytes : end + 1);
      this.#handlers.onRecord(line.split(' '));
    }
  }

  /** Hands over everything except an end that may be the beginning of a mark. */
  #keep(data: Buffer): void {
    let from = data.lastIndexOf(0x1e);
    const mayBegin =
      from !== -1 && this.#mark.subarray(0, data.length - from).equals(data.subarray(from));
    from = mayBegin ? from : data.length;
    this.#pass(data.subarray(0, from));
    this.#held = data.subarray(from);
  }

  #pass(bytes: Buffer): void {
    if (this.#hasBegun && bytes.length > 0) {
      this.#handlers.onBytes(bytes);
    }
  }
}
