import { readFileSync } from 'node:fs';

type Manifest = { readonly version: string; readonly labMode: string };

const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
const { version, labMode } = JSON.parse(text) as Manifest;
Object.assign(process.env, { LAB_VERSION: version, LAB_MODE: labMode });
await import(new URL('./service.mjs', import.meta.url).href);
