import { randomBytes } from 'node:crypto';
import { AppError } from '../../../shared/errors/app-error.js';
import { oneLine } from './one-line.js';
import { RecordStream, recordMark } from './record-stream.js';

export type StreamName = 'stdout' | 'stderr';

/**
 * One script of ours on a host, and what it said. `script` defines `lg_main`, which may call `lg_say WORDS` for a record.
 * It is read to its end before anything of it runs, so that half a script does nothing.
 */
export type Talk = {
  readonly script: string;
  /** As a HostScript's. The mark of its records is seen with it, by which whoever chooses what a look prints could end it early. */
  readonly mayBeSeen?: boolean;
  /** Keeps stdin open, as descriptor 3 of the script: its end tells the host that the line is gone. */
  readonly watchesLine?: boolean;
  readonly onRecord?: (words: readonly string[], stream: StreamName) => void;
  readonly onStdout?: (bytes: Buffer) => void;
  readonly onStderr?: (bytes: Buffer) => void;
};

type Side = { readonly name: StreamName; readonly stream: RecordStream; isOver: boolean };

const maxNoiseBytes = 4096;

/** The script as it goes to the host, and what listens to both of its outputs. */
export class ShellTalk {
  readonly input: Buffer;
  /** Aborted as soon as all was said: what a script left running may hold its channel open for ever. */
  readonly over = new AbortController();
  readonly #token = randomBytes(16).toString('hex');
  readonly #out: Side;
  readonly #err: Side;
  #noise = '';
  #hasBegun = false;
  #exitCode: number | null = null;

  constructor(talk: Talk) {
    this.input = Buffer.from(wrap(talk, this.#token));
    this.#out = {
      name: 'stdout',
      isOver: false,
      stream: new RecordStream(this.#token, {
        onRecord: (words) => {
          this.#onRecord(this.#out, words, talk.onRecord);
        },
        onBytes: talk.onStdout ?? ignore,
      }),
    };
    this.#err = {
      name: 'stderr',
      isOver: false,
      stream: new RecordStream(this.#token, {
        onRecord: (words) => {
          this.#onRecord(this.#err, words, talk.onRecord);
        },
        onBytes: (bytes) => {
          this.#note(bytes);
          talk.onStderr?.(bytes);
        },
      }),
    };
  }

  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /** Of the script itself; null while it is not known. */
  get exitCode(): number | null {
    return this.#out.isOver && this.#err.isOver ? this.#exitCode : null;
  }

  pushStdout(bytes: Uint8Array): void {
    if (!this.#hasBegun) {
      this.#note(bytes);
    }
    this.#out.stream.push(bytes);
  }

  pushStderr(bytes: Uint8Array): void {
    if (!this.#hasBegun) {
      this.#note(bytes);
    }
    this.#err.stream.push(bytes);
  }

  /** The last words of the host that were no output, for a message. */
  get words(): string {
    return oneLine(this.#noise);
  }

  /** For a channel that ended before the script had. */
  brokenOff(host: string): AppError {
    return this.#hasBegun
      ? new AppError(
          'HOST_ANSWER_BROKEN',
          `A script on ${host} was ended from outside: ${this.words}`,
        )
      : new AppError('HOST_SHELL_UNFIT', `No shell on ${host} took a script: ${this.words}`);
  }

  #note(bytes: Uint8Array): void {
    const end = Buffer.from(bytes.subarray(-maxNoiseBytes)).toString('utf8');
    this.#noise = (this.#noise + end).slice(-maxNoiseBytes);
  }

  #onRecord(side: Side, words: readonly string[], onRecord: Talk['onRecord']): void {
    const [verb, code] = words;
    if (verb === 'begin') {
      this.#hasBegun = true;
      this.#noise = '';
    } else if (verb === 'end') {
      side.isOver = true;
      this.#exitCode = Number(code);
    } else {
      onRecord?.(words, side.name);
    }
    if (this.exitCode !== null) {
      this.over.abort();
    }
  }
}

const ignore = (): void => undefined;

const wrap = ({ script, watchesLine = false }: Talk, token: string): string => `{
lg_say() { printf '%s\\n' "${recordMark(token)}$*"; }
${script}
exec 3<&0
lg_say begin
lg_say begin >&2
lg_main </dev/null${watchesLine ? '' : ' 3<&-'}
lg_code=$?
lg_say end $lg_code
lg_say end $lg_code >&2
exit
}
`;
