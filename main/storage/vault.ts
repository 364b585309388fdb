import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { AppError } from '../../shared/errors/app-error.js';
import type { Json } from '../../shared/json.js';
import { RunId } from '../../shared/run/events.js';
import { writeFileAtomically } from './atomic-file.js';
import { FILE_MODE, FOLDER_MODE } from './data-paths.js';

/** What one run may need to take a step back and must stand nowhere else: values that are secrets. */
export type RunVault = {
  /** On the disk when it resolves. Names are letters, digits, dots, dashes and underscores. */
  readonly put: (name: string, value: Json) => Promise<void>;
  /** VAULT_EMPTY where nothing of that name lies here; VAULT_UNREADABLE where it cannot be opened. */
  readonly get: (name: string) => Promise<Json>;
  /** Tells two values apart without giving either away: equal on this console only, and worth nothing elsewhere. */
  readonly mark: (text: string) => Promise<string>;
};

const algorithm = 'aes-256-gcm';
const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;
const entryName = /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,160}$/;

/**
 * Values under a key that lies beside them and apart from the runs: a run that is exported or handed over carries none.
 * It keeps values from whoever gets hold of a run's files or of one entry, not from whoever may read this account's files.
 */
export class Vault {
  readonly #folder: string;
  #key: Promise<Buffer> | null = null;

  constructor(folder: string) {
    this.#folder = folder;
  }

  of(runId: RunId): RunVault {
    return {
      put: (name, value) => this.#put(runId, name, value),
      get: (name) => this.#get(runId, name),
      mark: (text) => this.#mark(runId, text),
    };
  }

  /** Takes every value of the run away. A run that has none is no error. */
  async forget(runId: RunId): Promise<void> {
    await rm(this.#folderOf(runId), { recursive: true, force: true });
  }

  /** The runs that values lie here for. */
  async runs(): Promise<readonly RunId[]> {
    const names = await readdir(this.#folder).catch(orWhenMissing<string[]>([]));
    return names.flatMap((name) => {
      const parsed = RunId.safeParse(name);
      return parsed.success ? [parsed.data] : [];
    });
  }

  async #put(runId: RunId, name: string, value: Json): Promise<void> {
    const file = this.#fileOf(runId, name);
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv(algorithm, await this.#purpose('entries'), nonce);
    cipher.setAAD(placeOf(runId, name));
    const sealed = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()]);
    await writeFileAtomically(file, Buffer.concat([nonce, cipher.getAuthTag(), sealed]));
  }

  async #get(runId: RunId, name: string): Promise<Json> {
    const bytes = await readFile(this.#fileOf(runId, name)).catch(orWhenMissing(null));
    if (bytes === null) {
      throw new AppError('VAULT_EMPTY', `Of run ${runId}, ${name} is not kept on this console.`);
    }
    try {
      const decipher = createDecipheriv(
        algorithm,
        await this.#purpose('entries'),
        bytes.subarray(0, nonceBytes),
        // Otherwise a file that was cut short would be held against the few bytes that are left of its tag.
        { authTagLength: tagBytes },
      );
      decipher.setAAD(placeOf(runId, name));
      decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
      const opened = [decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()];
      return z.json().parse(JSON.parse(Buffer.concat(opened).toString('utf8')));
    } catch (cause) {
      throw new AppError(
        'VAULT_UNREADABLE',
        `What is kept as ${name} for run ${runId} was changed, or is not of this console's key.`,
        { cause },
      );
    }
  }

  async #mark(runId: RunId, text: string): Promise<string> {
    const key = await this.#purpose('marks');
    return createHmac('sha256', key).update(`${runId}\n${text}`).digest('hex').slice(0, 8);
  }

  async #purpose(purpose: string): Promise<Buffer> {
    this.#key ??= this.#readKey().catch((thrown: unknown) => {
      this.#key = null;
      throw thrown;
    });
    return Buffer.from(hkdfSync('sha256', await this.#key, '', `lastgood ${purpose}`, keyBytes));
  }

  async #readKey(): Promise<Buffer> {
    const file = path.join(this.#folder, 'key');
    const found = await readFile(file).catch(orWhenMissing(null));
    const key = found ?? (await this.#makeKey(file));
    if (key.length !== keyBytes) {
      throw new AppError('VAULT_UNREADABLE', `${file} does not hold a key.`);
    }
    return key;
  }

  /** Two consoles may begin at once: whoever links its key first has made the one that both use. */
  async #makeKey(file: string): Promise<Buffer> {
    const draft = `${file}.${randomBytes(8).toString('hex')}.tmp`;
    try {
      await mkdir(this.#folder, { recursive: true, mode: FOLDER_MODE });
      const handle = await open(draft, 'wx', FILE_MODE);
      await handle.writeFile(randomBytes(keyBytes));
      await handle.sync();
      await handle.close();
      await link(draft, file).catch((thrown: unknown) => {
        if (codeOf(thrown) !== 'EEXIST') {
          throw thrown;
        }
      });
      return await readFile(file);
    } catch (cause) {
      throw new AppError('DATA_WRITE_FAILED', `${file} could not be written.`, { cause });
    } finally {
      await rm(draft, { force: true });
    }
  }

  #folderOf(runId: RunId): string {
    return path.join(this.#folder, runId);
  }

  #fileOf(runId: RunId, name: string): string {
    if (!entryName.test(name)) {
      throw new Error(`${name} is no name for an entry of the vault.`);
    }
    return path.join(this.#folderOf(runId), name);
  }
}

/** An entry counts only where it was put: one that was moved to another run or name does not open. */
function placeOf(runId: RunId, name: string): Buffer {
  return Buffer.from(`${runId}/${name}`, 'utf8');
}

function orWhenMissing<T>(instead: T): (thrown: unknown) => T {
  return (thrown) => {
    if (codeOf(thrown) === 'ENOENT') {
      return instead;
    }
    throw thrown;
  };
}

function codeOf(thrown: unknown): unknown {
  return thrown instanceof Error && 'code' in thrown ? thrown.code : null;
}
