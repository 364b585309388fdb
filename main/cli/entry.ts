import { enableCompileCache } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { dataRoot } from '../storage/data-paths.js';

// Compiling the program takes longer than a rollback may wait for it: from the second start on it is read from the
// operator's own folder. The rest is imported only now, or there would be nothing left to cache.
const { env, platform } = process;
const root = dataRoot({ env, platform, home: os.homedir(), cwd: process.cwd() });
enableCompileCache(path.join(root, 'browser', 'compiled'));
void import('./main.js');
