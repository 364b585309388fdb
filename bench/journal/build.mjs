import { build } from 'vite';
import { inCheckout } from '../../scripts/lib/places.mjs';

const parts = {
  clock: 'main/runs/clock.ts',
  format: 'main/engine/journal-format.ts',
  journal: 'main/engine/journal.ts',
  open: 'main/engine/open-journal.ts',
  paths: 'main/storage/data-paths.ts',
  'pack-state': 'shared/run/pack-state.ts',
  'run-files': 'main/runs/run-files.ts',
  'run-index': 'main/storage/run-index.ts',
  'run-list': 'main/runs/run-list.ts',
  'run-reader': 'main/runs/run-reader.ts',
  runbook: 'shared/runbook/schema.ts',
};

/** The product's own files, so that they are measured and not a copy of them. @param {string} outDir */
export async function buildParts(outDir) {
  const input = Object.fromEntries(
    Object.entries(parts).map(([name, file]) => [name, inCheckout(file)]),
  );
  await build({
    configFile: false,
    logLevel: 'error',
    root: inCheckout(),
    ssr: { noExternal: true },
    build: {
      ssr: true,
      outDir,
      rolldownOptions: {
        input,
        external: ['cpu-features', /\.node$/],
        output: { entryFileNames: '[name].mjs' },
      },
    },
  });
}
