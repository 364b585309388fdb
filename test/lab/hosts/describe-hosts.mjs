/** What a test is told of the standing machines: where they are, and everything that opens them. */
import { clientFile, readSecrets } from './host-keys.mjs';

/** @param {Record<import('./machine.mjs').Kind, import('./machine.mjs').Machine>} machines */
export function describeHosts({ app, bastion, code, strict }) {
  const secrets = readSecrets();
  return {
    hosts: {
      app: placeOf(app),
      bastion: placeOf(bastion),
      code: placeOf(code),
      strict: placeOf(strict),
    },
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

/** @param {import('./machine.mjs').Machine} machine */
const placeOf = ({ address, port, ports, machineId }) => ({ address, port, ports, machineId });
