import { AppError } from '../../../shared/errors/app-error.js';
import { shellQuote } from '../../steps/shell-quote.js';
import type { RunAs } from '../host-types.js';
import type { ExecStdin, HostLine } from '../ssh/line.js';
import { PasswordDance } from './password-dance.js';
import type { Talk } from './shell-talk.js';
import { ShellTalk } from './shell-talk.js';
import { seenCommand } from './seen-command.js';
import { isRefusal, SpareShells } from './spare-shells.js';
import type { ShellListener } from './spare-shells.js';
import { newSudoMarks, sudoCommand, sudoError, sudoPasswordCommand, sudoRefusal } from './sudo.js';
import type { SudoPassword } from './sudo.js';

type Ended = { readonly exitCode: number | null; readonly signalName: string | null };

const loginShell = 'exec sh -s';
/**
 * Three that ask for the lock, begin the work and look at the service; of another account as many as look before a unit and
 * follow the log meanwhile.
 */
const mostSpares = { login: 3, other: 4 } as const;

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
  /** Until the account's shell, or the server, turns out not to take a script as a command. */
  #takesSeen = true;

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
      this.#mustType();
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

  /** Nobody types for a shell that only stands by. */
  #mustType(): void {
    this.#wantsPassword = true;
    for (const account of this.#isOpenTo) {
      this.#spares.stopStocking(`exec ${sudoCommand(account)}`);
    }
  }

  async #asLogin(talk: Talk, signal: AbortSignal): Promise<number> {
    const saying =
      talk.mayBeSeen === true && !this.#spares.hasReady(loginShell)
        ? this.#bySeenCommand(talk, signal)
        : this.#bySpare(loginShell, talk, signal);
    this.prepare(null);
    const said = await saying;
    if (said !== null) {
      return said;
    }
    const shell = new ShellTalk(talk);
    return this.#result(shell, await this.#exec(loginShell, shell, talk, signal));
  }

  /** The script in the command itself. Null where that is not taken here: then nothing of it has run. */
  async #bySeenCommand(talk: Talk, signal: AbortSignal): Promise<number | null> {
    const shell = new ShellTalk(talk);
    const command = seenCommand(shell.input);
    if (command === null || !this.#takesSeen) {
      return null;
    }
    try {
      const ended = await this.#untilSaid(shell, signal, (listener, either) =>
        this.#line.exec(command, listener, either),
      );
      const said = this.#resultIfRun(shell, ended);
      this.#takesSeen = said !== null;
      return said;
    } catch (thrown) {
      if (isRefusal(thrown)) {
        this.#takesSeen = false;
        return null;
      }
      throw thrown;
    }
  }

  /** Where `first` fails, the long way says why. */
  #bySpareOf(
    account: string,
    talk: Talk,
    signal: AbortSignal,
    first: string | undefined,
  ): Promise<number | null> {
    const command = sudoCommand(account);
    const saying =
      first === undefined
        ? this.#bySpare(`exec ${command}`, talk, signal)
        : this.#bySpare(loginShell, talk, signal, (input) => handedOn(first, command, input));
    if (first !== undefined) {
      this.prepare(null);
    }
    if (this.#isOpenTo.has(account)) {
      this.prepare(account);
    }
    return saying;
  }

  /** Null where there is none, or it had ended before it took the script: then nothing of it has run. */
  async #bySpare(
    command: string,
    talk: Talk,
    signal: AbortSignal,
    toInput: (script: Buffer) => Uint8Array = (script) => script,
  ): Promise<number | null> {
    const spare = this.#spares.take(command);
    if (spare === null) {
      return null;
    }
    const shell = new ShellTalk(talk);
    const ended = await this.#untilSaid(shell, signal, (listener, either) =>
      spare.say(toInput(shell.input), talk.watchesLine === true, listener, either),
    );
    return this.#resultIfRun(shell, ended);
  }

  #resultIfRun(shell: ShellTalk, ended: Ended | null): number | null {
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
            onStdin: (stdin: ExecStdin) => {
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

/** A login shell does `first` and hands the script on, so that both take one way over the line. Half of it does nothing. */
const handedOn = (first: string, command: string, script: Buffer): Uint8Array =>
  Buffer.from(`{
${first} && printf %s ${shellQuote(script.toString('utf8'))} | ${command}
exit
}
`);

export const stopped = (host: string): AppError =>
  new AppError('STEP_STOPPED', `Stopped waiting for ${host}.`);
