import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const checkout = fileURLToPath(new URL('../../', import.meta.url)).replace(/[\\/]$/u, '');

export const isRoot = process.getuid?.() === 0;

/**
 * What is kept between clones. Root's own home is closed to the ordinary user as whom the window is tested, so
 * root keeps it where everybody may read.
 */
const sharedCache = '/var/cache/lastgood';

export const cacheFolder = isRoot
  ? sharedCache
  : join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'lastgood');

/** Where something may be kept already: one's own folder, then what root keeps for everybody. */
export const cacheFolders = [...new Set([cacheFolder, sharedCache])];

/** @param {...string} parts */
export const inCheckout = (...parts) => join(checkout, ...parts);
