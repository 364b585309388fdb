import { AppError } from '../../../shared/errors/app-error.js';
import type { Questions } from '../questions.js';

export type PasswordOf = {
  /** The name in the environment. */
  readonly database: string;
  /** The name under which it may have been given. */
  readonly secret: string;
  readonly user: string;
  readonly address: string;
};

/** The passwords of databases: given at the start or asked for, in memory only. */
export class DatabasePasswords {
  readonly #questions: Questions;
  readonly #given: ReadonlyMap<string, string>;
  readonly #known = new Map<string, Promise<string>>();
  readonly #wrong = new Set<string>();
  /** Those that nobody has to be asked for. */
  readonly #ready = new Set<string>();

  constructor(questions: Questions, given: ReadonlyMap<string, string> = new Map()) {
    this.#questions = questions;
    this.#given = given;
  }

  /** DATABASE_LOGIN_REFUSED where the operator does not say it. Asked once for all who want it at the same time. */
  get(of: PasswordOf, signal: AbortSignal): Promise<string> {
    const key = keyOf(of);
    const known = this.#known.get(key);
    if (known !== undefined) {
      return known;
    }
    const given = this.#given.get(of.secret);
    const asked = given === undefined ? this.#ask(of, signal) : Promise.resolve(given);
    this.#known.set(key, asked);
    asked.then(
      () => this.#ready.add(key),
      () => this.#known.delete(key),
    );
    return asked;
  }

  /** The server refused it. True where another may be asked for. */
  wasWrong(of: PasswordOf): boolean {
    this.#ready.delete(keyOf(of));
    this.#known.delete(keyOf(of));
    this.#wrong.add(keyOf(of));
    return !this.#given.has(of.secret);
  }

  wasRight(of: PasswordOf): void {
    this.#wrong.delete(keyOf(of));
  }

  /** Whether it is there without a question. */
  isReady(secret: string): boolean {
    return [...this.#ready].some((key) => key.startsWith(`${secret}\n`));
  }

  async #ask(of: PasswordOf, signal: AbortSignal): Promise<string> {
    const { database, user, address } = of;
    const wasWrong = this.#wrong.has(keyOf(of));
    const answer = await this.#questions.ask(
      { kind: 'database-password', database, user, address, wasWrong },
      signal,
    );
    if (answer.kind !== 'secret') {
      const text = `The password of ${user} for ${database} was not given.`;
      throw new AppError('DATABASE_LOGIN_REFUSED', text);
    }
    return answer.value;
  }
}

const keyOf = ({ secret, user, address }: PasswordOf): string => `${secret}\n${user}\n${address}`;
