import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import type { Plugin } from 'vite';
import { parse } from 'yaml';
import { yamlOptions } from './main/runbooks/yaml-options.js';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/**
 * Docker's library would open SSH connections of its own, which verify nobody. Here it is left out whole: a way to an
 * engine over SSH is only ever the console's own.
 */
const withoutForeignSsh: Plugin = {
  name: 'without-foreign-ssh',
  enforce: 'pre',
  load: (id) =>
    /[\\/]docker-modem[\\/]lib[\\/]ssh\.js$/u.test(id)
      ? "module.exports = () => { throw new Error('Docker over SSH goes through the console’s own connection.'); };"
      : null,
};

/** Docker's library would print requests, logins of registries among them, for whoever sets the variable DEBUG. */
const withoutDebugPrint: Plugin = {
  name: 'without-debug-print',
  enforce: 'pre',
  load: (id) =>
    /[\\/]node_modules[\\/]debug[\\/]src[\\/]index\.js$/u.test(id)
      ? 'module.exports = () => () => undefined;'
      : null,
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
    plugins: [withoutForeignSsh, withoutDebugPrint, runbooksAsData],
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
