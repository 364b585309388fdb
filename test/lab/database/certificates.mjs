import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../command.mjs';

/**
 * A certificate authority of the lab's own, and what a server called localhost gets from it: so that 127.0.0.1 is the
 * wrong name.
 * @param {string} folder
 */
export async function makeCertificates(folder) {
  mkdirSync(folder, { recursive: true });
  /** @param {string} name */
  const at = (name) => join(folder, name);
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  for (const name of ['ca', 'other-ca']) {
    const subject = ['-subj', `/CN=Lastgood lab ${name}`, '-days', '3650'];
    await run('openssl', [
      'req',
      '-x509',
      ...key,
      ...subject,
      '-keyout',
      at(`${name}.key`),
      '-out',
      at(`${name}.pem`),
    ]);
  }
  const request = ['-subj', '/CN=localhost', '-keyout', at('server.key'), '-out', at('server.csr')];
  await run('openssl', ['req', ...key, ...request]);
  writeFileSync(at('names'), 'subjectAltName=DNS:localhost\n');
  const authority = ['-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial'];
  const names = ['-extfile', at('names'), '-days', '3650'];
  await run('openssl', [
    'x509',
    '-req',
    '-in',
    at('server.csr'),
    ...authority,
    ...names,
    '-out',
    at('server.pem'),
  ]);
}
