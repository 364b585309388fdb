import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';

export type LogField = string | number | boolean | null;
export type LogFields = Readonly<Record<string, LogField>>;
type Level = 'info' | 'warn' | 'error';

export type AppLogOptions = {
  readonly file: string;
  /** Takes secrets out of a text; called for every string before it reaches the disk. */
  readonly redact: (text: string) => string;
  readonly now: () => Date;
  readonly maxBytes?: number;
  /** How many full files are kept beside the current one. */
  readonly keptFiles?: number;
};

export type AppLog = {
  readonly info: (message: string, fields?: LogFields) => void;
  readonly warn: (message: string, fields?: LogFields) => void;
  /** The only place where the stack of a fault of our own is written. */
  readonly error: (message: string, thrown: unknown, fields?: LogFields) => void;
};

/**
 * One JSON object a line. Written at once, so that the last line before a crash is on disk, and never
 * throws: a log that cannot be written must not stop a rollback.
 */
export function openAppLog(options: AppLogOptions): AppLog {
  const { file, redact, now, maxBytes = 5_000_000, keptFiles = 3 } = options;
  let size = sizeOf(file);

  function write(level: Level, message: string, fields: Readonly<Record<string, unknown>>): void {
    try {
      const entry = { at: now().toISOString(), level, message, ...fields };
      const line = `${JSON.stringify(entry, (_key, value: unknown) =>
        typeof value === 'string' ? redact(value) : value,
      )}\n`;
      const bytes = Buffer.byteLength(line);
      if (size > 0 && size + bytes > maxBytes) {
        rotate(file, keptFiles);
        size = 0;
      }
      mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
      appendFileSync(file, line, { mode: 0o600 });
      size += bytes;
    } catch {
      // Nowhere left to say it.
    }
  }

  return {
    info: (message, fields = {}) => {
      write('info', message, fields);
    },
    warn: (message, fields = {}) => {
      write('warn', message, fields);
    },
    error: (message, thrown, fields = {}) => {
      write('error', message, { ...fields, error: describe(thrown, 0) });
    },
  };
}

const MAX_CAUSES = 5;

function describe(thrown: unknown, depth: number): unknown {
  if (!(thrown instanceof Error)) {
    return { thrown: String(thrown) };
  }
  return {
    name: thrown.name,
    message: thrown.message,
    ...('code' in thrown ? { code: String(thrown.code) } : {}),
    stack: thrown.stack ?? '',
    ...(thrown.cause !== undefined && depth < MAX_CAUSES
      ? { cause: describe(thrown.cause, depth + 1) }
      : {}),
  };
}

function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch {
    return 0;
  }
}

function rotate(file: string, keptFiles: number): void {
  for (let index = keptFiles - 1; index >= 1; index -= 1) {
    if (sizeOf(`${file}.${String(index)}`) > 0) {
      renameSync(`${file}.${String(index)}`, `${file}.${String(index + 1)}`);
    }
  }
  renameSync(file, `${file}.1`);
}
