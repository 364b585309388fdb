import { AppError } from '../../../shared/errors/app-error.js';
import { cleanText } from './clean-text.js';

/** How far a connection had come when it failed. */
export type DialStage = 'connecting' | 'verified' | 'ready';

/** The library's fault while connecting, told by its stable fields; its words are shown where they help. */
export function toDialError(
  thrown: unknown,
  asked: { readonly label: string; readonly tried: readonly string[] },
  stage: DialStage,
): AppError {
  const { label, tried } = asked;
  const { level, code, text } = fieldsOf(thrown);
  const told = tried.length === 0 ? 'nothing could be tried' : `tried: ${tried.join('; ')}`;
  if (level === 'client-authentication') {
    return new AppError('HOST_LOGIN_REFUSED', `${label} refused the login (${told}).`, {
      cause: thrown,
    });
  }
  // A number is a reason from the server's own goodbye, such as too many attempts.
  if (stage === 'verified' && typeof code === 'number') {
    return new AppError('HOST_LOGIN_REFUSED', `${label} ended the login: ${text} (${told}).`, {
      cause: thrown,
    });
  }
  // The library has no field for this one; another wording would fall through to "unreachable", which is true as well.
  if (level === 'handshake' && text.includes('no matching')) {
    return new AppError('HOST_NO_COMMON_ALGORITHM', `${label}: ${text}.`, { cause: thrown });
  }
  const reason = typeof code === 'string' ? code : text;
  return new AppError('HOST_UNREACHABLE', `${label} could not be reached (${reason}).`, {
    cause: thrown,
  });
}

export function lineLost(label: string, reason: string): AppError {
  return new AppError('HOST_LINE_LOST', `The line to ${label} broke (${reason}).`);
}

export function notConnected(label: string): AppError {
  return new AppError('HOST_UNREACHABLE', `There is no line to ${label}; nothing was sent.`);
}

export function stopped(label: string): AppError {
  return new AppError('STEP_STOPPED', `Stopped while working with ${label}.`);
}

export function fieldsOf(thrown: unknown): {
  level: string | null;
  code: string | number | null;
  reason: number | null;
  text: string;
} {
  const fields: Record<string, unknown> =
    thrown instanceof Error ? Object.fromEntries(Object.entries(thrown)) : {};
  const { level, code, reason } = fields;
  return {
    level: typeof level === 'string' ? level : null,
    code: typeof code === 'string' || typeof code === 'number' ? code : null,
    reason: typeof reason === 'number' ? reason : null,
    text: thrown instanceof Error ? cleanText(thrown.message, 200) : 'unknown fault',
  };
}
