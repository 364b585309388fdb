import { expect, test } from 'vitest';
import { contentSecurityPolicy } from '../../../../main/app/page-headers.js';

const directives = new Map(
  contentSecurityPolicy('abc')
    .split('; ')
    .map((directive) => {
      const [name = '', ...values] = directive.split(' ');
      return [name, values];
    }),
);

test('allows nothing that is not named', () => {
  expect(directives.get('default-src')).toEqual(["'none'"]);
});

test('runs scripts from its own files alone', () => {
  expect(directives.get('script-src')).toEqual(["'self'"]);
});

test('takes styles from its own files and from the load that holds the nonce', () => {
  expect(directives.get('style-src')).toEqual(["'self'", "'nonce-abc'"]);
});

test.each(['connect-src', 'base-uri', 'form-action', 'frame-ancestors'])('closes %s', (name) => {
  expect(directives.get(name)).toEqual(["'none'"]);
});

test('opens no door for inline or evaluated code, nor for any other address', () => {
  expect(contentSecurityPolicy('abc')).not.toMatch(/unsafe|\*|https?:|blob:|strict-dynamic/);
});
