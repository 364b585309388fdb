const maxBytes = 4 * 1024 * 1024;

/** The beginning of an output; the rest is taken and dropped, so that the host is never held up. */
export class CappedText {
  readonly #chunks: Buffer[] = [];
  #length = 0;
  #isCut = false;

  push(bytes: Buffer): void {
    const kept = bytes.subarray(0, maxBytes - this.#length);
    this.#isCut ||= kept.length < bytes.length;
    if (kept.length > 0) {
      this.#chunks.push(Buffer.from(kept));
      this.#length += kept.length;
    }
  }

  get isCut(): boolean {
    return this.#isCut;
  }

  get text(): string {
    return Buffer.concat(this.#chunks).toString('utf8') + (this.#isCut ? cutMark : '');
  }
}

const cutMark = '\n… (more than 4 MiB: the rest is cut)\n';
