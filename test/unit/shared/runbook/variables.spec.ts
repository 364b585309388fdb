import { describe, expect, it } from 'vitest';
import { shortRunId, substitute } from '../../../../shared/runbook/variables.js';

const scope = {
  port: 3000,
  host: 'app-1',
  isReal: false,
  service: { name: 'parcel-tracker', health: { path: '/x', json: { ok: true } } },
};

describe('a placeholder', () => {
  it('that is the whole value keeps the type of its variable', () => {
    expect(
      substitute({ a: '{{port}}', b: ['{{service.health}}'], c: '{{ isReal }}' }, scope),
    ).toEqual({
      a: 3000,
      b: [{ path: '/x', json: { ok: true } }],
      c: false,
    });
  });

  it('inside a text becomes part of the text', () => {
    expect(substitute('{{host}}:{{port}}{{service.health.path}}', scope)).toBe('app-1:3000/x');
  });

  it('leaves values without placeholders as they are', () => {
    const value = { n: 1, list: [null, true, 'plain $& text'] };

    expect(substitute(value, scope)).toEqual(value);
  });

  it('is filled once: braces in a value are not filled again', () => {
    expect(substitute('{{a}}-', { a: '{{b}}', b: 'no' })).toBe('{{b}}-');
  });

  it.each([
    ['{{nobody}}', 'There is no variable {{nobody}}.'],
    ['x-{{service.nobody}}', 'There is no variable {{service.nobody}}.'],
    ['{{toString}}', 'There is no variable {{toString}}.'],
    ['{{service.name.length}}', 'There is no variable {{service.name.length}}.'],
    ['at {{service.health}}', '{{service.health}} is not a text or a number'],
    ['{{host', 'not closed'],
  ])('that cannot be filled is an error that names it: %s', (text, message) => {
    expect(() => substitute(text, scope)).toThrow(
      expect.objectContaining({
        code: 'RUNBOOK_VARIABLE_UNKNOWN',
        message: expect.stringContaining(message) as string,
      }) as Error,
    );
  });
});

describe('the short run id', () => {
  it('is the first eight hex digits', () => {
    expect(shortRunId('7f3a9c21-1111-4222-8333-444455556666')).toBe('7f3a9c21');
  });
});
