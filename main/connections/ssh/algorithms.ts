/** AES only: what the runtime lacks cannot be offered, and its plain JavaScript stand-in has been seen to break lines. */
const ciphers = [
  'aes128-gcm@openssh.com',
  'aes256-gcm@openssh.com',
  'aes128-ctr',
  'aes192-ctr',
  'aes256-ctr',
] as const;

const hmacs = [
  'hmac-sha2-256-etm@openssh.com',
  'hmac-sha2-512-etm@openssh.com',
  'hmac-sha2-256',
  'hmac-sha2-512',
] as const;

/** SHA-1 signatures of `ssh-rsa` are left out. */
const hostKeys = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
] as const;

type HostKeyAlgorithm = (typeof hostKeys)[number];

/** The types that are known for a host come first: a server with several keys then shows the one we can compare. */
export function orderHostKeys(knownTypes: readonly string[]): HostKeyAlgorithm[] {
  const isKnown = (algorithm: HostKeyAlgorithm): boolean =>
    knownTypes.includes(algorithm.startsWith('rsa-') ? 'ssh-rsa' : algorithm);
  return [...hostKeys.filter(isKnown), ...hostKeys.filter((algorithm) => !isKnown(algorithm))];
}

export function algorithmsFor(knownTypes: readonly string[]): {
  cipher: (typeof ciphers)[number][];
  hmac: (typeof hmacs)[number][];
  serverHostKey: HostKeyAlgorithm[];
  compress: ['none'];
} {
  return {
    cipher: [...ciphers],
    hmac: [...hmacs],
    serverHostKey: orderHostKeys(knownTypes),
    compress: ['none'],
  };
}
