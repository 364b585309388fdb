import type { JobState, JobWatcher, PartEnd } from '../host-types.js';
import { alreadyExitCode } from '../host-types.js';
import { HostLines, LastLine } from './host-lines.js';
import type { FollowFrom } from './job-scripts.js';
import { keptEndBytes, keptOutputBytes } from './job-supervisor.js';
import { oneLine } from './one-line.js';
import type { StreamName, Talk } from './shell-talk.js';

const maxWords = 2000;

/** One output of the part at hand. */
type Output = { bytes: number; readonly lines: HostLines; readonly last: LastLine };

export type JobWord = 'running' | 'ended' | 'lost' | 'absent' | 'unstarted' | 'unknown';

/**
 * What is known here of one job, gathered over as many talks as it takes: each goes on where the one before broke off,
 * so that no byte is lost and none comes twice.
 */
export class JobReader {
  readonly #watcher: JobWatcher;
  readonly #names: string[] = [];
  readonly #ends: PartEnd[] = [];
  readonly #outputs: Readonly<Record<StreamName, Output>>;
  #stream: StreamName = 'stdout';
  /** The end of a cut output, held back until its part has ended: it is sent whole, and again after a break. */
  #cutEnd: { readonly stream: StreamName; readonly chunks: Buffer[] }[] = [];
  #isCutEnd = false;
  #hasBegun = false;
  #word: JobWord = 'unknown';
  #words = '';
  #tellBegun: () => void = () => undefined;
  #account: string | null = null;

  constructor(watcher: JobWatcher) {
    this.#watcher = watcher;
    const output = (stream: StreamName): Output => ({
      bytes: 0,
      lines: new HostLines((line) => {
        watcher.onLine(line, stream);
      }),
      last: new LastLine(),
    });
    this.#outputs = { stdout: output('stdout'), stderr: output('stderr') };
  }

  /** Whether the job is known to have been begun: from then on it is only followed. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  onBegun(listener: () => void): void {
    this.#tellBegun = listener;
  }

  get word(): JobWord {
    return this.#word;
  }

  /** Where the host says that another account has the job. */
  get account(): string | null {
    return this.#account;
  }

  get from(): FollowFrom {
    return {
      part: this.#ends.length + 1,
      outBytes: this.#outputs.stdout.bytes,
      errBytes: this.#outputs.stderr.bytes,
    };
  }

  /** What the host's programs complained of last. */
  get words(): string {
    return oneLine(this.#words);
  }

  /** A talk that carries on; what the one before left half said is forgotten. */
  talk(script: string): Talk {
    this.#isCutEnd = false;
    this.#cutEnd = [];
    this.#word = 'unknown';
    this.#account = null;
    this.#words = '';
    return {
      script,
      onRecord: (words) => {
        this.#onRecord(words);
      },
      onStdout: (bytes) => {
        this.#onBytes(bytes);
      },
      onStderr: (bytes) => {
        this.#words = (this.#words + bytes.toString('utf8')).slice(-maxWords);
      },
    };
  }

  /** Once the host has said its last word about it. */
  state(): JobState {
    switch (this.#word) {
      case 'running':
      case 'lost':
        return { status: this.#word, parts: [...this.#ends] };
      case 'ended':
        this.#endTheRest();
        return { status: 'ended', parts: [...this.#ends] };
      case 'absent':
      case 'unstarted':
      case 'unknown':
        return this.#hasBegun ? { status: 'lost', parts: [...this.#ends] } : { status: 'absent' };
    }
  }

  #onRecord([verb, first = '', second = '']: readonly string[]): void {
    switch (verb) {
      case 'begun':
        this.#hasBegun = true;
        this.#tellBegun();
        return;
      case 'name':
        this.#names[Number(first) - 1] = decoded(second);
        return;
      case 'out':
      case 'err':
        this.#isCutEnd = false;
        this.#stream = verb === 'out' ? 'stdout' : 'stderr';
        return;
      case 'cut':
        this.#isCutEnd = true;
        this.#cutEnd.push({ stream: this.#stream, chunks: [] });
        return;
      case 'part':
        this.#endPart(Number(first), Number(second));
        return;
      case 'as':
        this.#account = first;
        return;
      case 'job':
        this.#word = toWord(first);
        return;
      case undefined:
      default:
    }
  }

  #onBytes(bytes: Buffer): void {
    if (this.#isCutEnd) {
      this.#cutEnd.at(-1)?.chunks.push(Buffer.from(bytes));
      return;
    }
    const output = this.#outputs[this.#stream];
    output.bytes += bytes.length;
    output.last.push(bytes);
    output.lines.push(bytes);
  }

  #endPart(number: number, exitCode: number): void {
    if (number !== this.#ends.length + 1) {
      return;
    }
    const { stdout, stderr } = this.#outputs;
    stdout.lines.end();
    stderr.lines.end();
    for (const { stream, chunks } of this.#cutEnd) {
      this.#sayCut(stream, Buffer.concat(chunks));
    }
    // What went wrong is said on stderr, how it went on stdout.
    const isGood = exitCode === 0 || exitCode === alreadyExitCode;
    this.#report({
      name: this.#names[number - 1] ?? String(number),
      status: exitCode === 0 ? 'done' : exitCode === alreadyExitCode ? 'already' : 'failed',
      exitCode,
      summary: isGood ? stdout.last.text || stderr.last.text : stderr.last.text || stdout.last.text,
    });
    for (const output of [stdout, stderr]) {
      output.bytes = 0;
      output.last.clear();
    }
    this.#cutEnd = [];
    this.#isCutEnd = false;
  }

  #sayCut(stream: StreamName, end: Buffer): void {
    const { lines, last } = this.#outputs[stream];
    const kept = `${keptOutputBytes / 1024 / 1024} MiB`;
    this.#watcher.onLine(
      `… more than ${kept} came out here; what follows was not kept, except its last ${keptEndBytes / 1024} KiB:`,
      stream,
    );
    last.clear();
    last.push(end);
    lines.push(end);
    lines.end();
  }

  #endTheRest(): void {
    for (const name of this.#names.slice(this.#ends.length)) {
      this.#report({ name, status: 'not-begun', exitCode: null, summary: '' });
    }
  }

  #report(end: PartEnd): void {
    this.#ends.push(end);
    this.#watcher.onPart(end);
  }
}

function toWord(word: string): JobWord {
  switch (word) {
    case 'running':
    case 'ended':
    case 'lost':
    case 'absent':
    case 'unstarted':
      return word;
    default:
      return 'unknown';
  }
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
