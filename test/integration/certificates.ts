import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export type Certificates = {
  readonly folder: string;
  readonly ca: string;
  readonly server: { readonly cert: string; readonly key: string };
  readonly client: { readonly cert: string; readonly key: string };
  remove(): void;
};

/** An authority of the test's own, an engine it signed for `names`, and a client it signed; made by openssl. */
export function makeCertificates(names: string): Certificates {
  const folder = mkdtempSync(path.join(tmpdir(), 'lastgood-tls-'));
  const at = (name: string): string => path.join(folder, name);
  const openssl = (...args: readonly string[]): void => {
    execFileSync('openssl', args, { stdio: 'ignore' });
  };
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl(
    ...['req', '-x509', ...newKey, '-days', '2', '-subj', '/CN=test authority'],
    ...['-keyout', at('ca-key.pem'), '-out', at('ca.pem')],
  );
  const signed = (name: string, extensions: string) => {
    const [key, request, cert] = [at(`${name}-key.pem`), at(`${name}.csr`), at(`${name}.pem`)];
    openssl('req', ...newKey, '-subj', `/CN=${name}`, '-keyout', key, '-out', request);
    writeFileSync(at(`${name}.ext`), extensions);
    openssl(
      ...['x509', '-req', '-days', '2', '-in', request, '-out', cert, '-CAcreateserial'],
      ...['-CA', at('ca.pem'), '-CAkey', at('ca-key.pem'), '-extfile', at(`${name}.ext`)],
    );
    return { cert, key };
  };
  return {
    folder,
    ca: at('ca.pem'),
    server: signed('server', `subjectAltName=${names}\nextendedKeyUsage=serverAuth\n`),
    client: signed('client', 'extendedKeyUsage=clientAuth\n'),
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
