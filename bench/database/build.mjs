import { build } from 'vite';
import { inCheckout } from '../../scripts/lib/places.mjs';

const parts = {
  pool: 'main/connections/connection-pool.ts',
  preview: 'main/steps/postgres/preview.ts',
  registry: 'main/steps/registry.ts',
  runner: 'main/steps/step-runner.ts',
};

/** The product's own files, so that they are measured and not a copy of them. @param {string} outDir */
export async function buildParts(outDir) {
  await build({
    configFile: false,
    logLevel: 'error',
    root: inCheckout(),
    ssr: { noExternal: true },
    build: {
      ssr: true,
      outDir,
      rolldownOptions: {
        input: Object.fromEntries(
          Object.entries(parts).map(([name, file]) => [name, inCheckout(file)]),
        ),
        external: ['cpu-features', 'pg-native', /\.node$/],
        output: {
          format: 'cjs',
          entryFileNames: '[name].cjs',
          chunkFileNames: '[name]-[hash].cjs',
        },
      },
    },
  });
}
