const headBytes = 8;
const stderr = 2;

type Outputs = {
  readonly onStdout: (bytes: Uint8Array) => void;
  readonly onStderr: (bytes: Uint8Array) => void;
};

/** Takes the engine's frames apart: which output in the first byte, how long in the last four of eight. */
export class ExecFrames {
  readonly #outputs: Outputs;
  #head: Buffer = Buffer.alloc(0);
  #stream = 0;
  #left = 0;

  constructor(outputs: Outputs) {
    this.#outputs = outputs;
  }

  push(bytes: Buffer): void {
    let rest = bytes;
    while (rest.length > 0) {
      rest = this.#left > 0 ? this.#body(rest) : this.#header(rest);
    }
  }

  #header(bytes: Buffer): Buffer {
    const wanted = headBytes - this.#head.length;
    this.#head = Buffer.concat([this.#head, bytes.subarray(0, wanted)]);
    if (this.#head.length === headBytes) {
      this.#stream = this.#head.readUInt8(0);
      this.#left = this.#head.readUInt32BE(4);
      this.#head = Buffer.alloc(0);
    }
    return bytes.subarray(wanted);
  }

  #body(bytes: Buffer): Buffer {
    const part = bytes.subarray(0, this.#left);
    this.#left -= part.length;
    if (this.#stream === stderr) {
      this.#outputs.onStderr(part);
    } else {
      this.#outputs.onStdout(part);
    }
    return bytes.subarray(part.length);
  }
}
