import type { ExecStdin } from '../ssh/line.js';
import type { SudoMarks } from './sudo.js';

/** Writes the password when sudo asks, the script when the shell behind it is there, and nothing where it asks again. */
export class PasswordDance {
  readonly #marks: SudoMarks;
  readonly #password: string;
  readonly #script: Uint8Array;
  readonly #staysOpen: boolean;
  #stdin: ExecStdin | null = null;
  #heard = '';
  #step: 'silent' | 'asked' | 'refused' | 'ready' = 'silent';

  constructor(marks: SudoMarks, password: string, script: Uint8Array, staysOpen: boolean) {
    this.#marks = marks;
    this.#password = password;
    this.#script = script;
    this.#staysOpen = staysOpen;
  }

  get wasRefused(): boolean {
    return this.#step === 'refused';
  }

  begin(stdin: ExecStdin): void {
    this.#stdin = stdin;
    this.#move();
  }

  hear(bytes: Uint8Array): void {
    if (this.#step === 'silent' || this.#step === 'asked') {
      this.#heard += Buffer.from(bytes).toString('latin1');
      this.#move();
    }
  }

  #move(): void {
    const stdin = this.#stdin;
    if (stdin === null) {
      return;
    }
    const prompts = this.#heard.split(this.#marks.prompt).length - 1;
    if (this.#heard.includes(this.#marks.ready)) {
      this.#step = 'ready';
      stdin.write(this.#script);
      if (!this.#staysOpen) {
        stdin.end();
      }
    } else if (this.#step === 'silent' && prompts > 0) {
      this.#step = 'asked';
      stdin.write(Buffer.from(`${this.#password}\n`));
    } else if (prompts > 1) {
      this.#step = 'refused';
      stdin.end();
    }
  }
}
