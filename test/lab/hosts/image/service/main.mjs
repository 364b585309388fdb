/** Starts the release in whose folder it lies. */
import { readFileSync } from 'node:fs';

const { version, mode } = JSON.parse(
  readFileSync(new URL('./package.json', import.meta.url), 'utf8'),
);
Object.assign(process.env, { LAB_VERSION: version, LAB_MODE: mode });
await import(new URL('./service.mjs', import.meta.url).href);
