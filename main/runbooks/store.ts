import { readFile, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { AppError } from '../../shared/errors/app-error.js';
import type { RunbookProblem } from '../../shared/ipc/views.js';
import type { Runbook } from '../../shared/runbook/schema.js';
import type { ReadBefore } from '../storage/read-before.js';
import { MAX_RUNBOOK_BYTES, checkRunbook } from './check-runbook.js';
import type { ParseResult } from './check-runbook.js';

export type LoadedRunbook = {
  readonly runbook: Runbook;
  /** For people: `built in`, or the name of the file. */
  readonly source: string;
};

export type Loaded = {
  readonly runbooks: readonly LoadedRunbook[];
  readonly problems: readonly RunbookProblem[];
};

export type RunbookStoreOptions = {
  /** As the build has read them from their YAML. */
  readonly builtIn: readonly { readonly file: string; readonly content: unknown }[];
  /** The data folder's `runbooks/`; it may be missing. */
  readonly folder: string;
  /** The step kinds this version knows. */
  readonly kinds: readonly string[];
  /** What files said when they were read last, in an earlier start too. */
  readonly readBefore: ReadBefore;
};

/** Holds what was read at the last load; a broken file never hides the sound ones. */
export class RunbookStore {
  readonly #options: RunbookStoreOptions;
  readonly #parsed = new Map<string, { readonly content: unknown; readonly result: ParseResult }>();
  #current: Loaded = { runbooks: [], problems: [] };
  #isLoaded = false;

  constructor(options: RunbookStoreOptions) {
    this.#options = options;
  }

  /** As it was last read; everything is read first where this one is not known. Rejects with RUNBOOK_NOT_FOUND. */
  async get(id: string): Promise<Runbook> {
    const found = (await this.has(id)) ? this.#find(id) : undefined;
    if (found === undefined) {
      throw new AppError('RUNBOOK_NOT_FOUND', `There is no runbook “${id}”.`);
    }
    return found;
  }

  async has(id: string): Promise<boolean> {
    if (this.#find(id) === undefined && !this.#isLoaded) {
      await this.reload();
    }
    return this.#find(id) !== undefined;
  }

  #find(id: string): Runbook | undefined {
    return this.#current.runbooks.find(({ runbook }) => runbook.id === id)?.runbook;
  }

  /** Takes one more file in until the next `reload`; it wins over a runbook with the same id. RUNBOOK_INVALID says where it is wrong. */
  async addFile(file: string): Promise<string> {
    const problems: RunbookProblem[] = [];
    const source = basename(file);
    const text = await readText(file, problems);
    const result = text === null ? null : await this.#parse(source, text);
    if (result === null || !result.ok) {
      const found = result === null ? problems : result.problems;
      throw new AppError('RUNBOOK_INVALID', found.map(describeProblem).join('\n'));
    }
    const { runbook } = result;
    const others = this.#current.runbooks.filter((loaded) => loaded.runbook.id !== runbook.id);
    this.#current = { ...this.#current, runbooks: [...others, { runbook, source }] };
    return runbook.id;
  }

  /** Reads everything anew. Files of the operator win over built-in ones with the same id, and that is said. */
  async reload(): Promise<Loaded> {
    const { builtIn, folder, kinds } = this.#options;
    const problems: RunbookProblem[] = [];
    const loaded = new Map<string, LoadedRunbook>();
    for (const { file, content } of builtIn) {
      const result = await this.#once(file, content, () => checkRunbook(file, content, kinds));
      if (result.ok) {
        loaded.set(result.runbook.id, { runbook: result.runbook, source: BUILT_IN });
      } else {
        problems.push(...result.problems);
      }
    }
    for (const file of await runbookFiles(folder, problems)) {
      await this.#take(file, loaded, problems);
    }
    this.#current = { runbooks: [...loaded.values()], problems };
    this.#isLoaded = true;
    return this.#current;
  }

  async #parse(file: string, text: string): Promise<ParseResult> {
    const { kinds, readBefore } = this.#options;
    return this.#once(file, text, async () => {
      const before = await readBefore.find(text);
      const sound = before === undefined ? null : checkRunbook(file, before, kinds);
      if (sound?.ok === true) {
        return sound;
      }
      // Loaded with the first file that is new: no start waits for a parser that nobody needs.
      const { parseRunbook } = await import('./parse.js');
      const result = parseRunbook(file, text, kinds);
      if (result.ok) {
        void readBefore.keep(text, result.content);
      }
      return result;
    });
  }

  /** What has not changed is not looked through again: that takes longer than reading it. */
  async #once(
    file: string,
    content: unknown,
    look: () => ParseResult | Promise<ParseResult>,
  ): Promise<ParseResult> {
    const before = this.#parsed.get(file);
    if (before !== undefined && before.content === content) {
      return before.result;
    }
    const result = await look();
    this.#parsed.set(file, { content, result });
    return result;
  }

  async #take(
    file: string,
    loaded: Map<string, LoadedRunbook>,
    problems: RunbookProblem[],
  ): Promise<void> {
    const source = basename(file);
    const text = await readText(file, problems);
    const result = text === null ? null : await this.#parse(source, text);
    if (result === null) {
      return;
    }
    if (!result.ok) {
      problems.push(...result.problems);
      return;
    }
    const { id } = result.runbook;
    const earlier = loaded.get(id);
    if (earlier !== undefined && earlier.source !== BUILT_IN) {
      problems.push(
        atFile(source, `the id “${id}” is taken by ${earlier.source}; this file is not used`),
      );
      return;
    }
    if (earlier !== undefined) {
      problems.push(atFile(source, `replaces the built-in runbook “${id}”`));
    }
    loaded.set(id, { runbook: result.runbook, source });
  }
}

const BUILT_IN = 'built in';

/** In the order of their names, so that which of two clashing files wins does not depend on the disk. */
async function runbookFiles(
  folder: string,
  problems: RunbookProblem[],
): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => (entry.isFile() || entry.isSymbolicLink()) && /\.ya?ml$/i.test(entry.name))
      .map((entry) => join(folder, entry.name))
      .sort();
  } catch (error) {
    if (!isMissing(error)) {
      problems.push(atFile(folder, 'the folder of runbooks cannot be read'));
    }
    return [];
  }
}

async function readText(file: string, problems: RunbookProblem[]): Promise<string | null> {
  try {
    if ((await stat(file)).size > MAX_RUNBOOK_BYTES) {
      problems.push(atFile(basename(file), 'the file is larger than 1 MB'));
      return null;
    }
    // Fatal: a file in another encoding must not become a runbook with letters exchanged.
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
  } catch (error) {
    const why = error instanceof TypeError ? 'is not UTF-8 text' : 'cannot be read';
    problems.push(atFile(basename(file), `the file ${why}`));
    return null;
  }
}

/** `file:line:column: what is wrong`, as editors and terminals link it. */
export function describeProblem({ file, line, column, message }: RunbookProblem): string {
  const place = line === null ? '' : `:${line}:${column ?? 1}`;
  return `${file}${place}: ${message}`;
}

function atFile(file: string, message: string): RunbookProblem {
  return { file, line: null, column: null, message };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
