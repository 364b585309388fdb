import { describe, expect, it } from 'vitest';
import { whereItActs } from '../../../../shared/plan/where-it-acts.js';
import type { Environment } from '../../../../shared/runbook/environment-schema.js';

const environment: Environment = {
  name: 'production',
  tier: 'production',
  url: 'http://localhost:3000',
  engines: [],
  variables: {},
  databases: [
    { name: 'main', host: 'db', via: 'app' },
    { name: 'near', host: 'localhost' },
    { name: 'boxed', host: 'db', tools: [{ container: 'pg', engine: 'docker' }] },
  ],
};

describe('Where a database step acts', () => {
  it.each([
    ['main', 'main, programs on app or this laptop (ends with it)'],
    ['near', 'near, programs on this laptop (ends with it)'],
    ['boxed', 'boxed, programs on container pg'],
  ])('is said for %s with the places of its programs', (database, text) => {
    expect(whereItActs({ database }, environment)).toBe(text);
  });
});
