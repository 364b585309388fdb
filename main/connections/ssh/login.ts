import { AppError } from '../../../shared/errors/app-error.js';
import type { Answer, Question, Questions } from '../questions.js';
import { cleanText } from './clean-text.js';
import type { Identity, Login, LoginMove, PromptRound } from './connection.js';
import { listIdentities } from './identities.js';
import type { AskPassphrase } from './key-files.js';
import type { LineSecrets } from './secrets.js';
import type { LoginMethod, SshSettings } from './settings.js';

const mostAttempts = 3;

export type LoginOptions = {
  readonly label: string;
  readonly settings: SshSettings;
  readonly secrets: LineSecrets;
  readonly questions: Questions;
};

/**
 * Tries what the operator's configuration allows, in its order. A key that is at hand without a question is shown at
 * once; before anybody is asked for anything, and where nothing else is left, the server is asked what it takes, which
 * costs a round trip. Every question goes to the operator; a refused one ends
 * the login. After a key has signed, the server may want a second factor without our library noticing, so interactive
 * ways come next, whatever the list of what is left says.
 */
export class OperatorLogin implements Login {
  readonly #options: LoginOptions;
  readonly #account: string;
  readonly #tried: string[] = [];
  readonly #attempts: Record<'keyboard-interactive' | 'password', number> = {
    'keyboard-interactive': 0,
    password: 0,
  };
  #identities: Identity[] | null = null;
  #hasBegun = false;
  #hasAskedForNone = false;
  #hasSigned = false;
  #password: string | null = null;

  constructor(options: LoginOptions) {
    this.#options = options;
    this.#account = `${options.settings.user}@${options.label}`;
  }

  get tried(): readonly string[] {
    return this.#tried;
  }

  async next(left: readonly string[] | null, signal: AbortSignal): Promise<LoginMove | null> {
    const isFirst = !this.#hasBegun;
    this.#hasBegun = true;
    if (isFirst && !(await this.#hasKeyAtHand(signal))) {
      this.#hasAskedForNone = true;
      return { kind: 'none' };
    }
    for (const method of this.#order()) {
      const isOpen = left === null || left.includes(method) || this.#hasSigned;
      const move = isOpen ? await this.#move(method, signal) : null;
      if (move !== null) {
        return move;
      }
    }
    if (!this.#hasAskedForNone && !this.#hasSigned) {
      this.#hasAskedForNone = true;
      return { kind: 'none' };
    }
    return null;
  }

  /** Whether keys come first, and one is there that can be shown without a question to the operator. */
  async #hasKeyAtHand(signal: AbortSignal): Promise<boolean> {
    if (this.#order()[0] !== 'publickey') {
      return false;
    }
    const look = { isUnderWay: true, wouldAsk: false };
    const { settings, secrets } = this.#options;
    const ask: AskPassphrase = (keyFile, _attempt, now) => {
      look.wouldAsk ||= look.isUnderWay;
      return look.isUnderWay ? Promise.resolve(null) : this.#passphrase(keyFile, now);
    };
    const { identities, notes } = await listIdentities(settings, secrets, ask, signal);
    look.isUnderWay = false;
    if (look.wouldAsk) {
      return false;
    }
    this.#tried.push(...notes);
    this.#identities = [...identities];
    return identities.length > 0;
  }

  /** Called once the server has let us in: what worked is kept for the next time the line comes up. */
  succeeded(): void {
    if (this.#password !== null) {
      this.#options.secrets.keepPassword(this.#account, this.#password);
    }
    this.#password = null;
  }

  #order(): readonly LoginMethod[] {
    const { methods } = this.#options.settings;
    return this.#hasSigned
      ? [...methods.filter((method) => method !== 'publickey'), ...methods.filter(isPublicKey)]
      : methods;
  }

  async #move(method: LoginMethod, signal: AbortSignal): Promise<LoginMove | null> {
    switch (method) {
      case 'publickey':
        return this.#nextKey(signal);
      case 'keyboard-interactive':
        return this.#interactive();
      case 'password':
        return this.#nextPassword(signal);
    }
  }

  async #nextKey(signal: AbortSignal): Promise<LoginMove | null> {
    this.#identities ??= await this.#findIdentities(signal);
    const identity = this.#identities.shift();
    if (identity === undefined) {
      return null;
    }
    this.#tried.push(`key ${identity.label}`);
    const sign: Identity['sign'] = async (data, hash, now) => {
      const signature = await identity.sign(data, hash, now);
      this.#hasSigned = true;
      return signature;
    };
    return { kind: 'key', identity: { ...identity, sign } };
  }

  async #findIdentities(signal: AbortSignal): Promise<Identity[]> {
    const { settings, secrets } = this.#options;
    const { identities, notes } = await listIdentities(
      settings,
      secrets,
      (keyFile, _attempt, now) => this.#passphrase(keyFile, now),
      signal,
    );
    this.#tried.push(...notes);
    return [...identities];
  }

  #interactive(): LoginMove | null {
    if (this.#isUsedUp('keyboard-interactive')) {
      return null;
    }
    this.#tried.push('keyboard-interactive');
    return { kind: 'keyboard-interactive', answer: (round, signal) => this.#answer(round, signal) };
  }

  async #nextPassword(signal: AbortSignal): Promise<LoginMove | null> {
    if (this.#isUsedUp('password')) {
      return null;
    }
    this.#tried.push('password');
    const { label, settings, secrets } = this.#options;
    const kept = secrets.takePassword(this.#account);
    this.#password =
      kept ?? (await this.#secret({ kind: 'password', host: label, user: settings.user }, signal));
    return { kind: 'password', password: this.#password };
  }

  async #answer(round: PromptRound, signal: AbortSignal): Promise<readonly string[]> {
    const { label, secrets } = this.#options;
    const prompts = round.prompts.map(({ text, isShown }) => ({
      text: cleanText(text, 300),
      isShown,
    }));
    const isPassword = prompts.length === 1 && isPasswordPrompt(prompts[0]);
    const kept = isPassword ? secrets.takePassword(this.#account) : null;
    if (kept !== null) {
      this.#password = kept;
      return [kept];
    }
    const answer = await this.#ask(
      {
        kind: 'prompts',
        host: label,
        title: cleanText(round.title, 200),
        instructions: cleanText(round.instructions, 2_000),
        prompts,
      },
      signal,
    );
    const values = valuesOf(answer);
    if (values.length !== prompts.length) {
      throw this.#refusal('the login was called off');
    }
    this.#password = isPassword ? (values[0] ?? null) : this.#password;
    return values;
  }

  #passphrase(keyFile: string, signal: AbortSignal): Promise<string> {
    return this.#secret({ kind: 'passphrase', keyFile }, signal);
  }

  async #secret(question: Question, signal: AbortSignal): Promise<string> {
    const answer = await this.#ask(question, signal);
    if (answer.kind !== 'secret') {
      throw this.#refusal('the login was called off');
    }
    return answer.value;
  }

  async #ask(question: Question, signal: AbortSignal): Promise<Answer> {
    const answer = await this.#options.questions.ask(question, signal);
    if (signal.aborted) {
      throw this.#refusal('the host closed the line before there was an answer');
    }
    return answer;
  }

  #refusal(reason: string): AppError {
    return new AppError('HOST_LOGIN_REFUSED', `${this.#options.label}: ${reason}.`);
  }

  #isUsedUp(method: 'keyboard-interactive' | 'password'): boolean {
    this.#attempts[method] += 1;
    return this.#attempts[method] > mostAttempts;
  }
}

function isPublicKey(method: LoginMethod): boolean {
  return method === 'publickey';
}

/** Such a prompt asks for the account's password; a code that is good once is never kept. */
function isPasswordPrompt(prompt: { text: string; isShown: boolean } | undefined): boolean {
  return (
    prompt?.isShown === false &&
    /^[^\n]*password(?: for [^\n]*)?:?\s*$/i.test(prompt.text) &&
    !/one.?time|otp|code|token/i.test(prompt.text)
  );
}

function valuesOf(answer: Answer): readonly string[] {
  switch (answer.kind) {
    case 'values':
      return answer.values;
    case 'secret':
      return [answer.value];
    default:
      return [];
  }
}
