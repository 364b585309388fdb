/**
 * What a bare Electron runs when it is given a folder or a file: `electron .`. Awaited to the end of the app's own
 * top level, because Electron becomes ready only after that, and some things must be said before.
 */
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';

const args = process.argv.slice(1);
const required = [];
while (args[0]?.startsWith('-')) {
  const flag = args.shift();
  if (flag === '-r' || flag === '--require') {
    required.push(args.shift());
  }
}

const path = resolve(args[0] ?? '.');
for (const module of required) {
  createRequire(pathToFileURL(join(process.cwd(), 'index.js')))(module);
}

let entry = path;
if (statSync(path).isDirectory()) {
  const {
    name,
    productName,
    version,
    main = 'index.js',
  } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
  app.setName(productName ?? name);
  app.setVersion(version);
  app.setPath('userData', join(app.getPath('appData'), app.getName()));
  entry = join(path, main);
  app.setAppPath(path);
}
await import(pathToFileURL(entry).href);
