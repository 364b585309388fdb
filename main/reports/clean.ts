/** Sends every text of a report through `redact`, keys excepted: those are ours. */
export function redactAll<T>(value: T, redact: (text: string) => string): T {
  // eslint-disable-next-line @typescript-eslint/no-unsafe-type-assertion -- the shape stays, only texts change
  return visit(value, redact) as T;
}

function visit(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === 'string') {
    return redact(value);
  }
  if (Array.isArray(value)) {
    return value.map((item) => visit(item, redact));
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, visit(item, redact)]),
    );
  }
  return value;
}

/** Reports are passed on; phone numbers of people are not, wherever they were written into. */
export function withoutPhones(phones: readonly string[]): (text: string) => string {
  const known = phones.map((phone) => phone.trim()).filter((phone) => phone.length >= 5);
  return (text) =>
    known.reduce((clean, phone) => clean.replaceAll(phone, '[phone number left out]'), text);
}
