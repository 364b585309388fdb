import { mkdirSync, statSync } from 'node:fs';
import { enableCompileCache, flushCompileCache } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { dataPaths, dataRoot, FOLDER_MODE } from './data-paths.js';

const OTHERS_MAY_WRITE = 0o022;

/**
 * Compiling the program takes longer than a rollback or a window may wait for it: from the second start on it is read from
 * the operator's own folder. Only what is imported after this call is kept.
 */
export function readCompiledProgram(): void {
  const { env, platform } = process;
  const root = dataRoot({ env, platform, home: os.homedir(), cwd: process.cwd() });
  const { browser } = dataPaths(root);
  try {
    mkdirSync(browser, { recursive: true, mode: FOLDER_MODE });
    if (isOursAlone(root) && isOursAlone(browser)) {
      enableCompileCache(path.join(browser, 'compiled'));
    }
  } catch {
    // Whoever needs the folder says what is wrong with it; the program starts without its copy too.
  }
}

/** What others may write could be made to run as us. Windows keeps the data folder by its own rules. */
export function isOursAlone(folder: string): boolean {
  if (process.platform === 'win32') {
    return true;
  }
  const { uid, mode } = statSync(folder);
  return uid === process.getuid?.() && (mode & OTHERS_MAY_WRITE) === 0;
}

/** A window may be ended without a word: what was compiled is written while there is time. */
export const keepCompiledProgram = flushCompileCache;
