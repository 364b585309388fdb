import { readFile, rename } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { Settings } from '../../shared/ipc/views.js';
import { writeFileAtomically } from './atomic-file.js';

export type SettingsOptions = {
  readonly file: string;
  /** The name to start with, from `systemUserName()`. */
  readonly userName: string;
  readonly now: () => Date;
};

export type SettingsStore = {
  readonly read: () => Settings;
  /** Resolves once the settings are on disk; rejects with `DATA_WRITE_FAILED` and keeps the old ones. */
  readonly write: (settings: Settings) => Promise<Settings>;
  /** Why the file could not be used at start, and where it was kept; null when all is well. */
  readonly problem: string | null;
};

/** Never rejects: a console that does not open because of a settings file would be worse than its defaults. */
export async function openSettings(options: SettingsOptions): Promise<SettingsStore> {
  const { settings, problem } = await load(options);
  let current = settings;
  let tail: Promise<unknown> = Promise.resolve();
  return {
    problem,
    read: () => current,
    write: (next) => {
      const written = tail.then(async () => {
        await writeFileAtomically(options.file, `${JSON.stringify(next, null, 2)}\n`);
        current = next;
        return next;
      });
      tail = written.catch(() => undefined);
      return written;
    },
  };
}

/** The account's own name; a container without a passwd entry has none. */
export function systemUserName(): string {
  try {
    return userInfo().username;
  } catch {
    return '';
  }
}

type Loaded = { readonly settings: Settings; readonly problem: string | null };

async function load(options: SettingsOptions): Promise<Loaded> {
  const defaults: Settings = {
    operator: options.userName.trim().slice(0, 200) || 'operator',
    theme: 'system',
  };
  let text: string;
  try {
    text = await readFile(options.file, 'utf8');
  } catch (thrown) {
    const isMissing = thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT';
    const problem = isMissing
      ? null
      : `The settings in ${options.file} could not be read; the defaults are used.`;
    return { settings: defaults, problem };
  }
  const settings = parse(text, defaults);
  return settings === null
    ? { settings: defaults, problem: await keepAside(options) }
    : { settings, problem: null };
}

/** A field that is missing takes its default, so that a file of an older version still counts. */
function parse(text: string, defaults: Settings): Settings | null {
  try {
    const found = Settings.partial().parse(JSON.parse(text));
    return {
      operator: found.operator ?? defaults.operator,
      theme: found.theme ?? defaults.theme,
    };
  } catch {
    return null;
  }
}

async function keepAside({ file, now }: SettingsOptions): Promise<string> {
  const aside = `${file}.broken-${now().toISOString().replaceAll(/[:.]/g, '-')}`;
  try {
    await rename(file, aside);
    return `The settings file was not readable as settings. It is kept as ${aside}; the defaults are used.`;
  } catch {
    return `The settings in ${file} are not readable as settings; the defaults are used.`;
  }
}
