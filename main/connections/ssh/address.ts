import { AppError } from '../../../shared/errors/app-error.js';

/** What was written for a host; null where the SSH configuration or its defaults decide. */
export type Address = {
  readonly user: string | null;
  readonly host: string;
  readonly port: number | null;
};

const user = /^[A-Za-z0-9_][A-Za-z0-9_.@\\-]*\$?$/;
const host = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/;
const ipv6 = /^[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(?:%[A-Za-z0-9_.-]+)?$/;

/**
 * `user@host:port`, `[2001:db8::1]:22` and `ssh://…`. Nothing passes that a program could take for an option or a shell
 * for more than a word. HOST_ADDRESS_INVALID otherwise.
 */
export function parseAddress(text: string): Address {
  const plain = text.startsWith('ssh://') ? text.slice('ssh://'.length).replace(/\/$/, '') : text;
  const at = plain.lastIndexOf('@');
  const name = at < 0 ? null : plain.slice(0, at);
  const place = splitPort(plain.slice(at + 1));
  const isGood =
    place !== null &&
    (name === null || user.test(name)) &&
    (host.test(place.host) || ipv6.test(place.host));
  if (!isGood) {
    throw new AppError('HOST_ADDRESS_INVALID', `${JSON.stringify(text)} is not user@host:port.`);
  }
  return { user: name, ...place };
}

function splitPort(text: string): { host: string; port: number | null } | null {
  const bracketed = /^\[([^\]]+)\](?::(\d{1,5}))?$/.exec(text);
  const plain = /^([^:]+)(?::(\d{1,5}))?$/.exec(text);
  const found = bracketed ?? plain;
  if (found?.[1] === undefined) {
    return ipv6.test(text) ? { host: text, port: null } : null;
  }
  const port = found[2] === undefined ? null : Number(found[2]);
  return port !== null && (port < 1 || port > 65_535) ? null : { host: found[1], port };
}

export function formatAddress(place: { readonly host: string; readonly port: number }): string {
  return `${place.host.includes(':') ? `[${place.host}]` : place.host}:${place.port}`;
}
