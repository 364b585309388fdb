import { createHash } from 'node:crypto';
import type { StepVault } from '../../main/steps/step-kind.js';
import { AppError } from '../../shared/errors/app-error.js';
import type { Json } from '../../shared/json.js';

/** Keeps what a step puts away; a test can see what and take it away. */
export class MemoryVault implements StepVault {
  readonly entries = new Map<string, Json>();

  readonly put = (name: string, value: Json): Promise<void> => {
    this.entries.set(name, value);
    return Promise.resolve();
  };

  readonly get = (name: string): Promise<Json> => {
    const value = this.entries.get(name);
    return value === undefined
      ? Promise.reject(new AppError('VAULT_EMPTY', `${name} is not kept.`))
      : Promise.resolve(value);
  };

  readonly mark = (text: string): Promise<string> =>
    Promise.resolve(createHash('sha256').update(`here ${text}`).digest('hex').slice(0, 8));
}
