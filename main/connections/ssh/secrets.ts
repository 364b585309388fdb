import type { PrivateKey } from './connection.js';

/**
 * What the operator typed, for as long as a line is kept: a line that broke in the middle of a rollback comes back
 * without a question. In memory only; one-time codes are never kept.
 */
export class LineSecrets {
  readonly #passwords = new Map<string, string>();
  readonly #keys = new Map<string, Promise<PrivateKey>>();

  /** Only a password that has let the operator in is kept. */
  keepPassword(account: string, password: string): void {
    this.#passwords.set(account, password);
  }

  /** Takes it out: one that no longer works is not offered twice. */
  takePassword(account: string): string | null {
    const password = this.#passwords.get(account) ?? null;
    this.#passwords.delete(account);
    return password;
  }

  /** Opens a key once for all who want it at the same time. */
  key(file: string, open: () => Promise<PrivateKey>): Promise<PrivateKey> {
    const known = this.#keys.get(file);
    if (known !== undefined) {
      return known;
    }
    const opened = open();
    this.#keys.set(file, opened);
    opened.catch(() => this.#keys.delete(file));
    return opened;
  }

  forget(): void {
    this.#passwords.clear();
    this.#keys.clear();
  }
}
