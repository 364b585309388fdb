import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { CustomScheme } from 'electron';
import { pageHeaders } from './page-headers.js';

export const PAGE_SCHEME = 'lastgood-app';
/** What every address of our own page begins with. */
export const PAGE_ADDRESS = `${PAGE_SCHEME}://app/`;
/** Stands in `index.html` where the nonce of each load goes. */
export const NONCE_PLACEHOLDER = '__LASTGOOD_NONCE__';

/**
 * Without `supportFetchAPI`: the page fetches nothing, and schemes that allow it have been readable
 * across origins in the past. The code cache makes every start but the first faster.
 */
export const pageScheme: CustomScheme = {
  scheme: PAGE_SCHEME,
  privileges: { standard: true, secure: true, codeCache: true },
};

export type PageFile = { readonly body: Uint8Array<ArrayBuffer>; readonly type: string };
/** The built page by path, as in `/assets/index.js`. */
export type PageFiles = ReadonlyMap<string, PageFile>;

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** Read once at start: what is served later cannot depend on a path that a request names. */
export async function readPageFiles(folder: string): Promise<PageFiles> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return new Map(
    await Promise.all(
      files.map(async (entry): Promise<[string, PageFile]> => {
        const file = path.join(entry.parentPath, entry.name);
        const key = `/${path.relative(folder, file).split(path.sep).join('/')}`;
        const type = types[path.extname(file)] ?? 'application/octet-stream';
        return [key, { body: new Uint8Array(await readFile(file)), type }];
      }),
    ),
  );
}

export type PageRequest = { readonly url: string; readonly method: string };

/** Answers from the map alone, by exact name: nothing is decoded, joined or looked up on disk. */
export function answerPageRequest(
  request: PageRequest,
  files: PageFiles,
  makeNonce: () => string,
): Response {
  const nonce = makeNonce();
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return refuse(405, nonce);
  }
  const file = request.url.startsWith(PAGE_ADDRESS) ? files.get(nameOf(request.url)) : undefined;
  if (file === undefined) {
    return refuse(404, nonce);
  }
  const headers = { ...pageHeaders(nonce), 'Content-Type': file.type };
  return file.type.startsWith('text/html')
    ? new Response(withNonce(file.body, nonce), {
        headers: { ...headers, 'Cache-Control': 'no-store' },
      })
    : new Response(file.body, { headers });
}

function nameOf(url: string): string {
  const { pathname } = new URL(url);
  return pathname === '/' ? '/index.html' : pathname;
}

function withNonce(body: Uint8Array, nonce: string): string {
  return new TextDecoder().decode(body).replaceAll(NONCE_PLACEHOLDER, nonce);
}

function refuse(status: number, nonce: string): Response {
  return new Response(null, { status, headers: pageHeaders(nonce) });
}
