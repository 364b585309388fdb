import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import type { Plugin } from 'vite';
import { parse } from 'yaml';
import { yamlOptions } from './main/runbooks/yaml-options.js';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/**
 * What libraries would bring along and must not do, or need not: loading it would hold up every start. Everything that
 * Docker's library says goes over connections that the console makes itself.
 */
const instead: readonly { readonly of: RegExp; readonly code: string }[] = [
  {
    // Its SSH connections verify nobody: a way to an engine over SSH is only ever the console's own.
    of: /[\\/]docker-modem[\\/]lib[\\/]ssh\.js$/u,
    code: "module.exports = () => { throw new Error('Docker over SSH goes through the console’s own connection.'); };",
  },
  {
    // It would print requests, logins of registries among them, for whoever sets the variable DEBUG.
    of: /[\\/]node_modules[\\/]debug[\\/]src[\\/]index\.js$/u,
    code: 'module.exports = () => () => undefined;',
  },
  {
    // A copy of Node's own streams, of which it extends one.
    of: /[\\/]node_modules[\\/]readable-stream[\\/]readable\.js$/u,
    code: "module.exports = require('stream');",
  },
  {
    // A server, agents for HTTP and the making of keys, of which the console uses none.
    of: /[\\/]ssh2[\\/]lib[\\/](?:server|http-agents|keygen)\.js$/u,
    code: 'module.exports = {};',
  },
  {
    // No file is moved by SFTP: hosts need not offer it.
    of: /[\\/]ssh2[\\/]lib[\\/]protocol[\\/]SFTP\.js$/u,
    code: 'module.exports = { SFTP: class {} };',
  },
];

const inAsn1 = /[\\/]asn1[\\/]lib[\\/]ber[\\/](?:reader|writer)\.js$/u;
const inZlib = /[\\/]ssh2[\\/]lib[\\/]protocol[\\/]zlib\.js$/u;

/** Parts of Node that are loaded only where they are used, which is never or seldom; each must still stand there as it did. */
const seldom: readonly { readonly of: RegExp; readonly from: string; readonly to: string }[] = [
  {
    // It never makes a secure connection of its own.
    of: /[\\/]docker-modem[\\/]lib[\\/]http\.js$/u,
    from: "require('https')",
    to: "{ request() { throw new Error('Secure connections to an engine are made by the console.'); } }",
  },
  {
    of: inAsn1,
    from: "require('assert')",
    to: "{ ok: (value) => require('assert').ok(value), equal: (left, right) => require('assert').equal(left, right) }",
  },
  // Nothing is ever compressed: no algorithm for it is offered.
  { of: inZlib, from: "require('zlib')", to: '{ constants: {} }' },
  { of: inZlib, from: 'createInflate()._handle.constructor', to: 'class {}' },
];

const withoutForeignParts: Plugin = {
  name: 'without-foreign-parts',
  enforce: 'pre',
  load: (id) => instead.find(({ of }) => of.test(id))?.code ?? null,
  transform(code, id) {
    const parts = seldom.filter(({ of }) => of.test(id));
    const missing = parts.find(({ from }) => !code.includes(from));
    if (missing !== undefined) {
      return this.error(`${id} no longer holds ${missing.from}.`);
    }
    return parts.length === 0
      ? null
      : { code: parts.reduce((text, { from, to }) => text.replace(from, to), code), map: null };
  },
};

/** The built-in runbooks are read at the build: their YAML alone would hold up the first screen by 70 ms. */
const runbooksAsData: Plugin = {
  name: 'runbooks-as-data',
  enforce: 'pre',
  load: (id) =>
    id.endsWith('.yaml')
      ? `export default JSON.parse(${JSON.stringify(JSON.stringify(parse(readFileSync(id, 'utf8'), yamlOptions)))});`
      : null,
};

export default defineConfig({
  main: {
    plugins: [withoutForeignParts, runbooksAsData],
    build: {
      outDir: 'out/main',
      sourcemap: true,
      // Bundled whole: a hundred small files are most of the time it takes to start.
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: at('main/index.ts'), cli: at('main/cli/entry.ts') },
        // Optional native parts that this project does without: ssh2 falls back to plain JavaScript.
        external: ['cpu-features', /\.node$/],
        // Not ES modules: importing node:http as one makes Node load its whole fetch client, 30 ms of every start.
        output: {
          format: 'cjs',
          entryFileNames: '[name].cjs',
          chunkFileNames: 'chunks/[name]-[hash].cjs',
          minify: { compress: false, mangle: false, codegen: true },
        },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      // A sandboxed preload is one CommonJS file: it can require nothing but Electron.
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: at('preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
      },
    },
  },
  renderer: {
    root: at('renderer'),
    plugins: [react()],
    build: {
      outDir: at('out/renderer'),
      emptyOutDir: true,
      minify: true,
      rolldownOptions: { input: at('renderer/index.html') },
    },
  },
});
