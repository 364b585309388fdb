import path from 'node:path';
import { defineConfig } from '@playwright/test';
import '../lab/search-before-removal.mjs';

/** Elsewhere where the folder of the checkout cannot be written by the user the tests run as. */
const results = path.resolve(process.env['LASTGOOD_TEST_RESULTS'] ?? 'test-results');

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  outputDir: path.join(results, 'e2e'),
  workers: 1,
  fullyParallel: false,
  // A test that passes only the second time has failed.
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list'], ['json', { outputFile: path.join(results, 'e2e.json') }]],
});
