import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { REDACTED, createRedactor, redactPatterns } from '../../../../main/log/redaction.js';

// Made up for these tests; none of them opens anything.
const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJyb2xlIjoidGVzdCJ9.c2lnbmF0dXJl';

describe('a text with something that looks like a secret', () => {
  it.each([
    ['postgres://app:hunter2@db.example:5432/x', `postgres://app:${REDACTED}@db.example:5432/x`],
    ['GET https://me:pa%40ss@host/a b', `GET https://me:${REDACTED}@host/a b`],
    ['Authorization: Bearer abc.def', `Authorization: ${REDACTED}`],
    ['{"authorization":"Basic YTpi"}', `{"authorization":"${REDACTED}"}`],
    ['curl -H "apikey: 0123456789"', `curl -H "apikey: ${REDACTED}"`],
    [`token ${jwt} end`, `token ${REDACTED} end`],
    ['PGPASSWORD=hunter2 pg_dump', `PGPASSWORD=${REDACTED} pg_dump`],
    ["DB_PASSWORD='a b c' next", `DB_PASSWORD=${REDACTED} next`],
    ['SUPABASE_SERVICE_ROLE_KEY=abc', `SUPABASE_SERVICE_ROLE_KEY=${REDACTED}`],
    ['{"clientSecret": "s3cr3t", "port": 1}', `{"clientSecret": ${REDACTED}, "port": 1}`],
    ['https://x.example/?access_token=abc&x=1', `https://x.example/?access_token=${REDACTED}&x=1`],
    ['AKIAABCDEFGHIJKLMNOP', REDACTED],
    ['Cookie: sid=1; other=2', `Cookie: ${REDACTED}`],
  ])('loses it: %s', (text, clean) => {
    expect(redactPatterns(text)).toBe(clean);
  });

  it('loses a whole private key, also one that is cut off', () => {
    const key = '-----BEGIN OPENSSH PRIVATE KEY-----\nabc\ndef\n-----END OPENSSH PRIVATE KEY-----';

    expect(redactPatterns(`a\n${key}\nb`)).toBe(`a\n${REDACTED}\nb`);
    expect(redactPatterns('x -----BEGIN RSA PRIVATE KEY-----\nabc')).toBe(`x ${REDACTED}`);
  });
});

describe('an ordinary text', () => {
  it.each([
    'docker stop --time 60 tradewizard-monitor',
    'sha256:9e12b6f0c1d2e3f4 created 2025-01-15T12:00:00Z',
    'http://localhost:3000/health answered 503 in 12 ms',
    'user@host:/srv/releases/v1.1.0',
    'The token was refreshed and the secretary was told: all fine',
    'ratio a:b@c',
  ])('is left as it is: %s', (text) => {
    expect(redactPatterns(text)).toBe(text);
  });
});

describe('a long line', () => {
  it.each(['a.', 'a-', '-eyJaaaaaaaaa', 'https://', 'TOKEN', 'authorization '])(
    'of nothing but “%s” does not hold up the log',
    (part) => {
      const line = part.repeat(64_000 / part.length);
      const began = performance.now();

      redactPatterns(line);

      expect(performance.now() - began).toBeLessThan(5_000);
    },
  );
});

describe('a redactor that knows the secrets', () => {
  it('takes them out in every form they take on the wire', () => {
    const secret = "p@ss w0rd/+'x";
    const redact = createRedactor([secret]);
    const forms = [
      secret,
      encodeURIComponent(secret),
      Buffer.from(secret).toString('hex'),
      Buffer.from(`user:${secret}`).toString('base64'),
      Buffer.from(`u:${secret}`).toString('base64url'),
    ];

    for (const form of forms) {
      expect(redact(`before ${form} after`)).toContain(REDACTED);
    }
  });

  it('takes the longer one first, so that no rest is left standing', () => {
    expect(createRedactor(['secret', 'secret-and-more'])('=secret-and-more=')).toBe(
      `=${REDACTED}=`,
    );
  });

  it('leaves short values alone: they would blank out the log', () => {
    expect(createRedactor(['a', '12345'])('a 12345 banana')).toBe('a 12345 banana');
  });

  it('never lets a secret through, whatever stands around it', () => {
    const word = fc.stringMatching(/^[a-zA-Z0-9]{6,20}$/);
    fc.assert(
      fc.property(word, fc.string(), fc.string(), (secret, before, after) => {
        expect(createRedactor([secret])(`${before}${secret}${after}`)).not.toContain(secret);
      }),
    );
  });
});
