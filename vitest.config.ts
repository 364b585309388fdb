import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const project = (name: string, timeoutMs: number) => ({
  extends: true as const,
  test: {
    name,
    include: [`test/${name}/**/*.spec.ts`],
    testTimeout: timeoutMs,
    hookTimeout: timeoutMs,
    setupFiles: ['test/lab/search-before-removal.mjs'],
  },
});

/** `scripts/test.mjs` runs these projects on the product's own runtime; `npx vitest` works too. */
export default defineConfig({
  test: {
    environment: 'node',
    allowOnly: false,
    // Most of a test against a real engine or host is waiting: two side by side even where there are two processors.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      project('unit', 30_000),
      project('contract', 60_000),
      project('integration', 120_000),
      project('guards', 120_000),
    ],
  },
});
