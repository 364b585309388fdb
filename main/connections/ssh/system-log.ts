import { AppError } from '../../../shared/errors/app-error.js';
import { cleanText } from './clean-text.js';
import { notConnected } from './ssh-errors.js';

/**
 * What the program wrote into its log about a connection that did not come about. It has no other way of saying why;
 * it is not translated, and whatever is not recognised counts as unreachable, which is true as well.
 */
export function readFailure(label: string, log: string): AppError {
  const words = lastWords(log);
  const failure = failures.find(([pattern]) => pattern.test(log));
  return new AppError(failure?.[1] ?? 'HOST_UNREACHABLE', `${label}: ${words}`);
}

const failures = [
  [/marked as revoked|REVOKED HOST KEY/i, 'HOST_KEY_REVOKED'],
  [/REMOTE HOST IDENTIFICATION HAS CHANGED|POSSIBLE DNS SPOOFING/i, 'HOST_KEY_CHANGED'],
  [/No \S+ host key is known for/, 'HOST_KEY_UNKNOWN'],
  [/Host key verification failed/, 'HOST_KEY_REFUSED'],
  [/Unable to negotiate|no matching \S+( \S+)* found/, 'HOST_NO_COMMON_ALGORITHM'],
  [/Permission denied|Too many authentication failures/, 'HOST_LOGIN_REFUSED'],
] as const;

/** A command that was never begun; null when nothing says so. */
export function readRefusal(label: string, log: string): AppError | null {
  if (/^Control socket connect/m.test(log)) {
    return notConnected(label);
  }
  return /session request failed|Session open refused|channel \d+: open failed/.test(log)
    ? new AppError('HOST_CHANNELS_EXHAUSTED', `${label}: ${lastWords(log)}`)
    : null;
}

/** Of the key that was verified, or of the key inside the certificate; null before there was one. */
export function readFingerprint(log: string): string | null {
  const found = [...log.matchAll(/Server host (?:key|certificate): \S+ (SHA256:[A-Za-z0-9+/]+)/g)];
  return found.at(-1)?.[1] ?? null;
}

/** What it said itself, without what it only noted. */
export function ownWords(log: string): string {
  return log
    .split('\n')
    .filter(
      (line) =>
        line.trim() !== '' &&
        !/^(?:debug\d|Authenticated |OpenSSH_|Transferred|Bytes per)/.test(line),
    )
    .join('\n');
}

export function lastWords(log: string): string {
  const words = ownWords(log).split('\n').slice(-3).join(' ');
  return cleanText(words, 400) || 'ssh ended without a word.';
}
