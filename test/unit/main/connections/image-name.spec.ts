import { expect, test } from 'vitest';
import { hasRepository } from '../../../../main/connections/image-name.js';

test.each([
  ['web:v1', 'web', true],
  ['web@sha256:abc', 'web', true],
  ['docker.io/library/web:v1', 'web', true],
  ['team/web:v1', 'docker.io/team/web', true],
  ['localhost:5000/web:v1', 'localhost:5000/web', true],
  ['localhost:5000/web', 'localhost:5000/web', true],
  ['web-admin:v1', 'web', false],
  ['team/web:v1', 'web', false],
  ['ghcr.io/team/web:v1', 'team/web', false],
])('%s of %s: %s', (name, repository, expected) => {
  expect(hasRepository(name, repository)).toBe(expected);
});
