/** What stands where a secret stood. */
export const REDACTED = '[redacted]';

/** Shorter values would blank out half of every log. */
const MIN_SECRET_LENGTH = 6;

type Rule = readonly [pattern: RegExp, replacement: string];

// Bounded, so that a long line without a secret costs no more than its length.
const NAME_OF_A_SECRET =
  '[A-Za-z0-9_.-]{0,64}(?:SECRET|PASSWORD|PASSWD|PASSPHRASE|TOKEN|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|SERVICE_ROLE_KEY|CREDENTIALS?)[A-Za-z0-9_.-]{0,64}|PGPASSWORD|apikey';

const rules: readonly Rule[] = [
  [/-----BEGIN [A-Z0-9 ]*-----[\s\S]*?(?:-----END [A-Z0-9 ]*-----|$)/g, REDACTED],
  // The name in an address stays: it says which account, not how to get in.
  [/(\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s/?#:@]*):[^\s/?#@]+@/gi, `$1:${REDACTED}@`],
  [
    /\b((?:proxy-)?authorization["']?\s*[:=]\s*["']?)(?:(?:basic|bearer|token|digest|negotiate)\s+)?[^\s"',;]+/gi,
    `$1${REDACTED}`,
  ],
  [/\b(x-registry-auth["']?\s*[:=]\s*["']?)[^\s"',;]+/gi, `$1${REDACTED}`],
  [/\b(set-cookie|cookie)(["']?\s*[:=]\s*["']?)[^\r\n"']+/gi, `$1$2${REDACTED}`],
  [/\bBearer\s+[A-Za-z0-9._~+/=-]{8,}/g, `Bearer ${REDACTED}`],
  [/\beyJ[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*)?/g, REDACTED],
  [/\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|xox[abprs]-[A-Za-z0-9-]{10,})/g, REDACTED],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, REDACTED],
  [
    new RegExp(
      `(["']?\\b(?:${NAME_OF_A_SECRET})\\b["']?\\s*[:=]\\s*)(?:"[^"]*"|'[^']*'|[^\\s"',;&]+)`,
      'gi',
    ),
    `$1${REDACTED}`,
  ],
];

/** Takes out what looks like a secret by its shape. Needs no list, so it also works on logs of strangers. */
export function redactPatterns(text: string): string {
  return rules.reduce((clean, [pattern, replacement]) => clean.replace(pattern, replacement), text);
}

/**
 * A redactor that also knows the secret values in use, in the forms they take on the wire. Give it whole lines: a value
 * cut in two is not seen.
 */
export function createRedactor(secrets: readonly string[]): (text: string) => string {
  const forms = secrets
    .flatMap((secret) => [secret, ...secret.split(/\r?\n/)])
    .filter((secret) => secret.length >= MIN_SECRET_LENGTH)
    .flatMap(formsOf)
    // Longest first, or a short secret inside a long one would leave the long one's rest standing.
    .sort((a, b) => b.length - a.length);
  return (text) =>
    redactPatterns(
      [...new Set(forms)].reduce((clean, form) => clean.replaceAll(form, REDACTED), text),
    );
}

function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret, 'utf8');
  const base64 = [0, 1, 2].flatMap((offset) => {
    // What stands before a value shifts its base64; the letters that neighbours share in are left out.
    const shifted = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const core = shifted.slice(offset === 0 ? 0 : offset + 1, -1);
    return [core, core.replaceAll('+', '-').replaceAll('/', '_')];
  });
  return [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    secret.replaceAll("'", "'\\''"),
    bytes.toString('hex'),
    ...base64.filter((form) => form.length >= MIN_SECRET_LENGTH),
  ];
}
