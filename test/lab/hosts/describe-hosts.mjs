/** What a test is told of the machines: where they are, and everything that opens them. */
import { clientFile } from './host-keys.mjs';

/**
 * @param {Record<import('./hosts.mjs').HostName, import('./hosts.mjs').Host>} hosts
 * @param {import('./host-keys.mjs').Secrets} secrets
 */
export function describeHosts(hosts, secrets) {
  return {
    hosts,
    knownHosts: clientFile('known_hosts'),
    keys: {
      /** Opens every account that takes keys. */
      lab: clientFile('id_lab'),
      rsa: clientFile('id_rsa'),
      /** As `lab`, behind a passphrase. */
      locked: clientFile('id_locked'),
      /** Opens nothing. */
      stranger: clientFile('id_stranger'),
      /** Opens `deploy` on `strict` by its certificate, which lies beside it. */
      certified: clientFile('id_certified'),
    },
    passphrase: secrets.passphrase,
    passwords: {
      /** For sudo. */
      careful: secrets.carefulPassword,
      /** For the login. */
      typist: secrets.typistPassword,
      /** For the login on `code`, before its one-time code. */
      code: secrets.codePassword,
    },
  };
}
