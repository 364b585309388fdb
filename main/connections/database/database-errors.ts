import { AppError } from '../../../shared/errors/app-error.js';
import { oneLine } from '../host/one-line.js';

/** What the server says went wrong, by its SQLSTATE. */
export type ServerWords = {
  readonly code: string;
  readonly message: string;
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
};

export function serverWordsOf(thrown: unknown): ServerWords | null {
  if (!(thrown instanceof Error)) {
    return null;
  }
  const code = text(thrown, 'code');
  const isServers = /^[0-9A-Z]{5}$/.test(code) && text(thrown, 'severity') !== '';
  return isServers
    ? { code, message: thrown.message, detail: text(thrown, 'detail'), hint: text(thrown, 'hint') }
    : null;
}

export function errorCodeOf(thrown: unknown): string {
  return thrown instanceof Error ? text(thrown, 'code') : '';
}

const text = (thrown: Error, name: string): string => {
  const value: unknown = Reflect.get(thrown, name);
  return typeof value === 'string' ? value : '';
};

const loginCodes = new Set(['28000', '28P01', '3D000', '42501', '53300', '53400']);
/** The server is there and goes: starting, stopping, or it ended this session. */
const goingCodes = new Set(['57P01', '57P02', '57P03', '57P05', '25P03']);

export const isGone = (words: ServerWords | null): boolean =>
  words !== null && (goingCodes.has(words.code) || words.code.startsWith('08'));

export function connectError(thrown: unknown, name: string, address: string): AppError {
  if (thrown instanceof AppError) {
    return thrown;
  }
  const words = serverWordsOf(thrown);
  if (words !== null) {
    const said = `${name} at ${address} said: ${sentenceOf(words)}`;
    const code =
      loginCodes.has(words.code) || words.code.startsWith('28')
        ? 'DATABASE_LOGIN_REFUSED'
        : 'DATABASE_UNREACHABLE';
    return new AppError(code, said, { cause: thrown });
  }
  const why = thrown instanceof Error ? oneLine(thrown.message) : 'it gave no reason';
  const hint = /^db\.[a-z0-9]+\.supabase\.co:/i.test(address)
    ? ' The direct address of a Supabase database is reached over IPv6 only: without that, use the session pooler (port 5432).'
    : '';
  return new AppError('DATABASE_UNREACHABLE', `${name} at ${address}: ${why}.${hint}`, {
    cause: thrown,
  });
}

export function refusal(name: string, words: ServerWords, cause: unknown): AppError {
  return new AppError('DATABASE_REFUSED', `${name} said: ${sentenceOf(words)}`, { cause });
}

/** The detail may hold values of rows: it is kept out of messages, which end up in a journal. */
function sentenceOf({ code, message, hint = '' }: ServerWords): string {
  return oneLine(`${message} (${code})${hint === '' ? '' : ` ${hint}`}`);
}
