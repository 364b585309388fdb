import type { ErrorJson } from './error-json.js';
import { errorTexts, isErrorCode } from './error-texts.js';
import type { ErrorCode } from './error-texts.js';

export type { ErrorJson } from './error-json.js';
export type { ErrorCode } from './error-texts.js';

/** A failure we foresaw. `message` is safe to show and to write to disk: no secrets, no stacks. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly retryable: boolean;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'AppError';
    this.code = code;
    this.retryable = errorTexts[code].retryable;
  }

  static fromJson(json: ErrorJson): AppError {
    return new AppError(isErrorCode(json.code) ? json.code : 'INTERNAL', json.message);
  }
}

/** Anything that is not an `AppError` is a bug: its message and stack may hold anything, so they stay in the app log. */
export function toErrorJson(thrown: unknown): ErrorJson {
  if (thrown instanceof AppError) {
    return { code: thrown.code, message: thrown.message, retryable: thrown.retryable };
  }
  return { code: 'INTERNAL', message: errorTexts.INTERNAL.happened, retryable: false };
}
