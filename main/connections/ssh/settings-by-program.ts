import { execFile } from 'node:child_process';
import { AppError } from '../../../shared/errors/app-error.js';
import type { Address } from './address.js';
import type { RawSettings } from './settings.js';

export type ProgramOptions = {
  /** The system's `ssh`. */
  readonly program: string;
  /** Another file than the operator's own configuration. */
  readonly configFile?: string;
};

const timeoutMs = 15_000;

/**
 * Asks OpenSSH itself what its configuration makes of a host; connects to nothing. Null when there is no such program.
 * SSH_CONFIG_INVALID when it does not like the configuration.
 */
export async function settingsByProgram(
  { host, user, port }: Address,
  { program, configFile }: ProgramOptions,
  signal: AbortSignal,
): Promise<RawSettings | null> {
  const words = [
    '-G',
    ...(configFile === undefined ? [] : ['-F', configFile]),
    ...(user === null ? [] : ['-l', user]),
    ...(port === null ? [] : ['-p', String(port)]),
    '--',
    host,
  ];
  const answer = await run(program, words, signal);
  return answer === null ? null : readAnswer(answer);
}

/** One option a line: its name in lower case, a space, its value. */
export function readAnswer(text: string): RawSettings {
  const settings = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const [, name, value] = /^(\S+) (.*)$/.exec(line.replace(/\r$/, '')) ?? [];
    if (name !== undefined && value !== undefined) {
      settings.set(name.toLowerCase(), [...(settings.get(name.toLowerCase()) ?? []), value]);
    }
  }
  return settings;
}

function run(program: string, words: string[], signal: AbortSignal): Promise<string | null> {
  return new Promise((resolve, reject) => {
    execFile(program, words, { signal, timeout: timeoutMs }, (error, stdout, stderr) => {
      if (error === null) {
        resolve(stdout);
      } else if (error.code === 'ENOENT') {
        resolve(null);
      } else if (signal.aborted) {
        reject(new AppError('STEP_STOPPED', 'Stopped while the SSH configuration was read.'));
      } else {
        reject(new AppError('SSH_CONFIG_INVALID', `ssh -G says: ${lastWords(stderr)}`));
      }
    });
  });
}

function lastWords(stderr: string): string {
  return stderr.trim().split('\n').slice(-3).join(' ').slice(0, 400) || 'nothing';
}
