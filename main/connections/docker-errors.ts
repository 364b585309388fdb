import { z } from 'zod';
import { AppError } from '../../shared/errors/app-error.js';
import type { ErrorCode } from '../../shared/errors/error-texts.js';

/** What was being asked, so that one status code can mean the right thing. */
export type Asked = {
  /** For the message: "create container web". */
  readonly what: string;
  readonly notFound?: 'image' | 'container';
  readonly conflict?: 'name';
  readonly publishesPorts?: boolean;
};

const Thrown = z.looseObject({
  code: z.string().optional(),
  statusCode: z.number().optional(),
  message: z.string().optional(),
});

const unreachable: Readonly<Record<string, (place: string) => string>> = {
  ENOENT: (place) =>
    `There is no socket at ${place}: the engine is not running or listens elsewhere.`,
  ECONNREFUSED: (place) => `Nobody listens at ${place}: the engine is not running.`,
  EACCES: (place) => `This user may not open ${place}; members of its group may.`,
  EPERM: (place) => `This user may not open ${place}; members of its group may.`,
  ENOTSOCK: (place) => `${place} is not a socket.`,
  ECONNRESET: (place) => `The engine at ${place} broke off before it answered.`,
  EPIPE: (place) => `The engine at ${place} broke off before it answered.`,
  ENOTFOUND: (place) => `There is no computer of that name: ${place}.`,
  EAI_AGAIN: (place) => `The name of ${place} cannot be looked up now.`,
  ETIMEDOUT: (place) => `${place} did not answer in time.`,
  EHOSTUNREACH: (place) => `There is no way to ${place} from here.`,
  ENETUNREACH: (place) => `There is no way to ${place} from here.`,
};

/** The other side's last word about an encrypted connection: it did not take what we showed of ourselves. */
const refusedUs = /^ERR_SSL_.*ALERT/;

/** An engine behind a host whose line is down is an engine that does not answer. */
const lineWords: ReadonlySet<string> = new Set([
  'HOST_UNREACHABLE',
  'HOST_LINE_LOST',
  'HOST_FORWARD_REFUSED',
  'HOST_CHANNELS_EXHAUSTED',
  'HOST_EXEC_REFUSED',
]);

/** Turns whatever the library throws into a failure the operator can act on. */
export function toDockerError(
  thrown: unknown,
  asked: Asked,
  place: string,
  signal: AbortSignal,
): AppError {
  if (thrown instanceof AppError) {
    return lineWords.has(thrown.code)
      ? new AppError('DOCKER_UNREACHABLE', thrown.message, { cause: thrown })
      : thrown;
  }
  if (signal.aborted) {
    return new AppError('STEP_STOPPED', `Stopped waiting for the engine to ${asked.what}.`, {
      cause: thrown,
    });
  }
  const error = Thrown.safeParse(thrown).data ?? {};
  if (error.statusCode !== undefined) {
    return fromStatus(error.statusCode, engineWords(error.message), asked, thrown);
  }
  return fromSystem(error, place, thrown);
}

/** What the system or the way said: no answer ever came. */
function fromSystem(
  { code = '', message = '' }: z.infer<typeof Thrown>,
  place: string,
  cause: unknown,
): AppError {
  if (refusedUs.test(code)) {
    const text = `The engine at ${place} did not take this console’s certificate: ${oneLine(message)}`;
    return new AppError('DOCKER_CERTIFICATE_REFUSED', text, { cause });
  }
  const text =
    code === 'ECOMMANDENDED'
      ? `The engine at ${place} cannot be reached: ${oneLine(message)}`
      : (unreachable[code]?.(place) ??
        `The engine at ${place} cannot be reached (${code || 'no reason given'}).`);
  return new AppError('DOCKER_UNREACHABLE', text, { cause });
}

function fromStatus(status: number, said: string, asked: Asked, cause: unknown): AppError {
  if (status === 404 && asked.notFound === 'image') {
    return new AppError(
      'DOCKER_IMAGE_MISSING',
      `To ${asked.what}: the image is not on the engine.`,
      { cause },
    );
  }
  if (status === 404 && asked.notFound === 'container') {
    return new AppError(
      'DOCKER_CONTAINER_MISSING',
      `To ${asked.what}: there is no such container.`,
      { cause },
    );
  }
  const [code, text] = meaningOf(status, said, asked);
  return new AppError(code, text, { cause });
}

function meaningOf(status: number, said: string, asked: Asked): readonly [ErrorCode, string] {
  const isPlain = status === 500;
  if (asked.conflict === 'name' && (status === 409 || (isPlain && nameTaken.test(said)))) {
    return ['DOCKER_NAME_TAKEN', `To ${asked.what}: the name is in use.`];
  }
  if (isPlain && asked.publishesPorts === true && portTaken.test(said)) {
    return ['DOCKER_PORT_TAKEN', `To ${asked.what}: ${said}`];
  }
  if (status >= 500 && isDiskFull(said)) {
    return ['DOCKER_DISK_FULL', `To ${asked.what}: ${said}`];
  }
  return ['DOCKER_REFUSED', `The engine refused to ${asked.what} (${String(status)}): ${said}`];
}

// The one place where words are matched, because engines report these as a plain 500 with no field of their own, and each
// is a common reason with something of its own to do. A miss falls back to DOCKER_REFUSED with the same words.
const portTaken = /port is already allocated|address already in use/i;
const diskFull = /no space left on device|disk quota exceeded/i;
/** Podman's; Docker has a status for it. */
const nameTaken = /\bname\b.*\balready in use\b/i;

export function isDiskFull(said: string): boolean {
  return diskFull.test(said);
}

/** The library wraps the engine's own words in a prefix of its own. */
function engineWords(message: string | undefined): string {
  return oneLine((message ?? 'no reason given').replace(/^\(HTTP code \d+\) unexpected - /, ''));
}

/** An engine's words end up in a terminal, a journal and a page: no control characters, no flood. */
export function oneLine(text: string): string {
  const clean = text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').trim();
  return clean.length > 500 ? `${clean.slice(0, 499)}…` : clean;
}
