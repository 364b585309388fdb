import { randomBytes } from 'node:crypto';
import { AppError } from '../../../shared/errors/app-error.js';
import { shellQuote } from '../../steps/shell-quote.js';
import { oneLine } from './one-line.js';

/** What this needs of the questions to the operator. */
export interface SudoQuestions {
  ask(
    question: { readonly kind: 'sudo-password'; readonly host: string; readonly user: string },
    signal: AbortSignal,
  ): Promise<{ readonly kind: string; readonly value?: string }>;
}

/** Wrong passwords lock accounts, so there is an end to asking. */
const maxWrongPasswords = 3;

/** The operator's password for sudo on one host: asked for once, kept in memory only, forgotten when it was wrong. */
export class SudoPassword {
  readonly #questions: SudoQuestions;
  readonly #host: string;
  #asked: Promise<string> | null = null;
  #wrong = 0;

  constructor(questions: SudoQuestions, host: string) {
    this.#questions = questions;
    this.#host = host;
  }

  /** SUDO_REFUSED after three wrong ones, SUDO_NO_PASSWORD when the operator gives none. */
  get(user: string, signal: AbortSignal): Promise<string> {
    if (this.#wrong >= maxWrongPasswords) {
      const text = `sudo on ${this.#host} refused ${maxWrongPasswords} passwords; no more are tried.`;
      return Promise.reject(new AppError('SUDO_REFUSED', text));
    }
    this.#asked ??= this.#ask(user, signal);
    return this.#asked;
  }

  /** Counts one wrong password once, however many scripts were waiting with it. */
  wasWrong(asked: Promise<string>): void {
    if (this.#asked === asked) {
      this.#asked = null;
      this.#wrong += 1;
    }
  }

  wasRight(): void {
    this.#wrong = 0;
  }

  async #ask(user: string, signal: AbortSignal): Promise<string> {
    try {
      const question = { kind: 'sudo-password', host: this.#host, user } as const;
      const { value } = await this.#questions.ask(question, signal);
      if (value === undefined || /[\n\r\0]/u.test(value)) {
        throw new AppError('SUDO_NO_PASSWORD', `No password for sudo on ${this.#host} was given.`);
      }
      return value;
    } catch (error) {
      this.#asked = null;
      throw error;
    }
  }
}

/** What sudo prints when it wants the password, and what the shell behind it prints when it has it: both random. */
export type SudoMarks = { readonly prompt: string; readonly ready: string };

export const newSudoMarks = (): SudoMarks => ({
  prompt: `lastgood-${randomBytes(12).toString('hex')}:`,
  ready: `lastgood-${randomBytes(12).toString('hex')}.`,
});

// English words of sudo alone, since what it says is read.
const sudo = 'env LC_MESSAGES=C sudo -H';

/** A shell as `user`; refuses where sudo wants a password. */
export const sudoCommand = (user: string): string => `${sudo} -n -u ${shellQuote(user)} -- sh -s`;

/**
 * The same with a password, which is written only after the prompt, and the script only after `ready`: sudo would take
 * its lines for passwords after a wrong one.
 */
export const sudoPasswordCommand = (user: string, { prompt, ready }: SudoMarks): string =>
  `${sudo} -S -p ${prompt} -u ${shellQuote(user)} -- sh -c "printf ${ready} >&2; exec sh -s"`;

/** What sudo meant, from its own words. */
export function sudoRefusal(
  words: string,
): 'password' | 'tty' | 'not-allowed' | 'missing' | 'other' {
  if (/must have a tty|no tty present/iu.test(words)) {
    return 'tty';
  }
  if (/password is required/iu.test(words)) {
    return 'password';
  }
  if (/not in the sudoers|not allowed|may not run|unknown user/iu.test(words)) {
    return 'not-allowed';
  }
  return /sudo.{0,20}(not found|no such file)/iu.test(words) ? 'missing' : 'other';
}

export function sudoError(words: string, host: string, user: string): AppError {
  const said = oneLine(words);
  switch (sudoRefusal(words)) {
    case 'tty':
      return new AppError(
        'SUDO_NEEDS_TTY',
        `sudo on ${host} works only on a terminal (requiretty): ${said}`,
      );
    case 'not-allowed':
      return new AppError('SUDO_NOT_ALLOWED', `sudo on ${host} does not give ${user}: ${said}`);
    case 'missing':
      return new AppError('SUDO_NOT_ALLOWED', `There is no sudo on ${host}: ${said}`);
    case 'password':
    case 'other':
      return new AppError('SUDO_REFUSED', `sudo on ${host} refused: ${said}`);
  }
}
