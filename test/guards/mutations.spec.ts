import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { safetyMutations } from '../../scripts/lib/safety-mutations.mjs';

const root = path.join(import.meta.dirname, '../..');

test('every rule that the mutation run breaks stands in its file, once', () => {
  const astray = safetyMutations.filter(
    ({ file, from }) => readFileSync(path.join(root, file), 'utf8').split(from).length !== 2,
  );
  expect(astray.map(({ name }) => name)).toEqual([]);
});
