import { AppError } from '../../../shared/errors/app-error.js';
import type { RunAs } from '../host-types.js';
import type { HostLine } from '../ssh/line.js';
import type { Talk } from './shell-talk.js';
import { ShellTalk } from './shell-talk.js';
import { SpareShells } from './spare-shells.js';
import type { ShellListener } from './spare-shells.js';
import { newSudoMarks, sudoCommand, sudoError, sudoPasswordCommand, sudoRefusal } from './sudo.js';
import type { SudoPassword } from './sudo.js';

type Ended = { readonly exitCode: number | null; readonly signalName: string | null };
type Stdin = { write(bytes: Uint8Array): void; end(): void };

const loginShell = 'exec sh -s';
/** As many as the steps of a cutover look at once, and one for their work; beside them the line has room for what is followed. */
const mostSpares = { login: 2, other: 5 } as const;

const accountName = /^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/u;

/** Says scripts to a host, as the account that logged in or, by sudo, as another. */
export class ScriptRunner {
  readonly #line: HostLine;
  readonly #host: string;
  readonly #password: SudoPassword;
  readonly #spares: SpareShells;
  /** The accounts that sudo gave without a password. */
  readonly #isOpenTo = new Set<string>();
  #wantsPassword = false;

  constructor(line: HostLine, host: string, password: SudoPassword) {
    this.#line = line;
    this.#spares = new SpareShells(line);
    this.#host = host;
    this.#password = password;
  }

  /** null where that is the account that logged in. Opens the line. */
  async accountFor(as: RunAs, signal: AbortSignal): Promise<string | null> {
    const { user } = await this.#line.open(signal);
    const account = as === 'login' ? user : as === 'root' ? 'root' : as.user;
    if (!accountName.test(account)) {
      throw new AppError('SUDO_NOT_ALLOWED', 'That is not the name of an account.');
    }
    return account === user ? null : account;
  }

  /**
   * Resolves with the script's own exit code. `first` is a command of ours that the login account runs before, where the
   * script is another account's; it must succeed.
   */
  async run(talk: Talk, as: RunAs, signal: AbortSignal, first?: string): Promise<number> {
    const account = await this.accountFor(as, signal);
    if (account === null) {
      return this.#asLogin(talk, signal);
    }
    const prefixed = (command: string): string =>
      first === undefined ? `exec ${command}` : `exec sh -c '${first} && exec ${command}'`;
    if (!this.#wantsPassword) {
      const said = await this.#bySpareOf(account, talk, signal, first);
      if (said !== null) {
        return said;
      }
      const shell = new ShellTalk(talk);
      const ended = await this.#exec(prefixed(sudoCommand(account)), shell, talk, signal);
      if (shell.hasBegun || ended === null) {
        this.prepare(account);
        return this.#result(shell, ended);
      }
      if (sudoRefusal(shell.words) !== 'password') {
        throw sudoError(shell.words, this.#host, account);
      }
      this.#wantsPassword = true;
    }
    return this.#withPassword(talk, account, prefixed, signal);
  }

  /** No shell is begun in the background until the returned function is called. */
  holdStill(): () => void {
    return this.#spares.holdStill();
  }

  /** Lets shells as that account stand ready for what comes; null is who logged in. sudo must not ask for a password. */
  prepare(account: string | null): void {
    if (account === null) {
      this.#spares.stock(loginShell, mostSpares.login);
    } else if (!this.#wantsPassword) {
      this.#isOpenTo.add(account);
      this.#spares.stock(`exec ${sudoCommand(account)}`, mostSpares.other);
    }
  }

  async #asLogin(talk: Talk, signal: AbortSignal): Promise<number> {
    const saying = this.#bySpare(loginShell, talk, signal);
    this.prepare(null);
    const said = await saying;
    if (said !== null) {
      return said;
    }
    const shell = new ShellTalk(talk);
    return this.#result(shell, await this.#exec(loginShell, shell, talk, signal));
  }

  async #bySpareOf(
    account: string,
    talk: Talk,
    signal: AbortSignal,
    first: string | undefined,
  ): Promise<number | null> {
    // Where it fails, the long way says why.
    const isPrepared =
      first === undefined ||
      (await this.#asLogin({ script: `lg_main() { ${first}; }\n` }, signal)) === 0;
    if (!isPrepared) {
      return null;
    }
    const saying = this.#bySpare(`exec ${sudoCommand(account)}`, talk, signal);
    if (this.#isOpenTo.has(account)) {
      this.prepare(account);
    }
    return saying;
  }

  /** Null where there is none, or it had ended before it took the script: then nothing of it has run. */
  async #bySpare(command: string, talk: Talk, signal: AbortSignal): Promise<number | null> {
    const spare = this.#spares.take(command);
    if (spare === null) {
      return null;
    }
    const shell = new ShellTalk(talk);
    const ended = await this.#untilSaid(shell, signal, (listener, either) =>
      spare.say(shell.input, talk.watchesLine === true, listener, either),
    );
    const hasNotRun = !shell.hasBegun && shell.exitCode === null;
    // A script says that it begins before it does anything; only a line that broke may have kept that word.
    const hasEnded = ended === null || ended.exitCode !== null || ended.signalName !== null;
    return hasNotRun && hasEnded ? null : this.#result(shell, ended);
  }

  async #withPassword(
    talk: Talk,
    account: string,
    prefixed: (command: string) => string,
    signal: AbortSignal,
  ): Promise<number> {
    for (;;) {
      const { user } = await this.#line.open(signal);
      const asked = this.#password.get(user, signal);
      const password = await asked;
      const shell = new ShellTalk(talk);
      const marks = newSudoMarks();
      const dance = new PasswordDance(marks, password, shell.input, talk.watchesLine === true);
      const command = prefixed(sudoPasswordCommand(account, marks));
      const ended = await this.#exec(command, shell, talk, signal, dance);
      if (shell.hasBegun || ended === null) {
        this.#password.wasRight();
        return this.#result(shell, ended);
      }
      if (!dance.wasRefused) {
        throw sudoError(shell.words.replaceAll(marks.prompt, ''), this.#host, account);
      }
      this.#password.wasWrong(asked);
    }
  }

  /** null where the script had said everything before its channel ended. */
  async #exec(
    command: string,
    shell: ShellTalk,
    talk: Talk,
    signal: AbortSignal,
    dance?: PasswordDance,
  ): Promise<Ended | null> {
    const input =
      dance === undefined && talk.watchesLine !== true
        ? { input: shell.input }
        : {
            onStdin: (stdin: Stdin) => {
              if (dance === undefined) {
                stdin.write(shell.input);
              } else {
                dance.begin(stdin);
              }
            },
          };
    return this.#untilSaid(
      shell,
      signal,
      (listener, either) => this.#line.exec(command, { ...input, ...listener }, either),
      dance,
    );
  }

  async #untilSaid(
    shell: ShellTalk,
    signal: AbortSignal,
    say: (listener: ShellListener, either: AbortSignal) => Promise<Ended | null>,
    dance?: PasswordDance,
  ): Promise<Ended | null> {
    const listener = {
      onStdout: (bytes: Uint8Array): void => {
        shell.pushStdout(bytes);
      },
      onStderr: (bytes: Uint8Array): void => {
        dance?.hear(bytes);
        shell.pushStderr(bytes);
      },
    };
    try {
      return await say(listener, AbortSignal.any([signal, shell.over.signal]));
    } catch (error) {
      if (shell.exitCode !== null) {
        return null;
      }
      throw signal.aborted ? stopped(this.#host) : error;
    }
  }

  #result(shell: ShellTalk, ended: Ended | null): number {
    if (shell.exitCode !== null) {
      return shell.exitCode;
    }
    if (ended?.exitCode === null && ended.signalName === null) {
      throw new AppError('HOST_LINE_LOST', `The line to ${this.#host} broke off.`);
    }
    throw shell.brokenOff(this.#host);
  }
}

export const stopped = (host: string): AppError =>
  new AppError('STEP_STOPPED', `Stopped waiting for ${host}.`);

/** Writes the password when sudo asks, the script when the shell behind it is there, and nothing where it asks again. */
class PasswordDance {
  readonly #marks: { readonly prompt: string; readonly ready: string };
  readonly #password: string;
  readonly #script: Uint8Array;
  readonly #staysOpen: boolean;
  #stdin: Stdin | null = null;
  #heard = '';
  #step: 'silent' | 'asked' | 'refused' | 'ready' = 'silent';

  constructor(
    marks: { readonly prompt: string; readonly ready: string },
    password: string,
    script: Uint8Array,
    staysOpen: boolean,
  ) {
    this.#marks = marks;
    this.#password = password;
    this.#script = script;
    this.#staysOpen = staysOpen;
  }

  get wasRefused(): boolean {
    return this.#step === 'refused';
  }

  begin(stdin: Stdin): void {
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
