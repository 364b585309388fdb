import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

const manifestType = 'application/vnd.docker.distribution.manifest.v2+json';

type Blob = { readonly digest: string; readonly bytes: Buffer };

function blobOf(bytes: Buffer): Blob {
  return { bytes, digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}` };
}

/** One file in an archive, as an image's layer. */
function layerWith(name: string, content: string): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write('0000644\0', 100);
  header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write('        ', 148);
  header.write('0', 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  const body = Buffer.alloc(Math.ceil(content.length / 512) * 512);
  body.write(content);
  return Buffer.concat([header, body, Buffer.alloc(1_024)]);
}

/** A registry on loopback that holds one repository behind a login, and can be told to misbehave. */
export class SmallRegistry {
  readonly login = { username: 'deploy', password: 'registry-s3cret' };
  /** Breaks off in the middle of every layer. */
  isBroken = false;
  /** What was asked for, and whether with a login. */
  readonly asked: string[] = [];
  readonly #blobs = new Map<string, Blob>();
  readonly #tags = new Map<string, string>();
  readonly #server = createServer((request, response) => {
    const isWithLogin = request.headers.authorization !== undefined;
    this.asked.push(`${isWithLogin ? 'with' : 'without'} login ${String(request.url)}`);
    this.#answer(request, response);
  });

  async open(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  get address(): string {
    return `127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
  }

  get repository(): string {
    return `${this.address}/lab/web`;
  }

  /** Moves the tag where it stood for something else. Gives back the digest. */
  offer(tag: string, content: string): string {
    const tar = layerWith('version', content);
    const layer = blobOf(gzipSync(tar));
    const config = blobOf(
      Buffer.from(
        JSON.stringify({
          architecture: 'amd64',
          os: 'linux',
          created: '2026-01-01T00:00:00Z',
          config: { Env: [`CONTENT=${content}`], Cmd: ['/version'] },
          rootfs: { type: 'layers', diff_ids: [blobOf(tar).digest] },
          history: [{ created: '2026-01-01T00:00:00Z' }],
        }),
      ),
    );
    const part = ({ digest, bytes }: Blob, mediaType: string) => ({
      mediaType: `application/vnd.docker.${mediaType}`,
      size: bytes.length,
      digest,
    });
    const manifest = blobOf(
      Buffer.from(
        JSON.stringify({
          schemaVersion: 2,
          mediaType: manifestType,
          config: part(config, 'container.image.v1+json'),
          layers: [part(layer, 'image.rootfs.diff.tar.gzip')],
        }),
      ),
    );
    for (const blob of [layer, config, manifest]) {
      this.#blobs.set(blob.digest, blob);
    }
    this.#tags.set(tag, manifest.digest);
    return manifest.digest;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { username, password } = this.login;
    const wanted = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    if (request.headers.authorization !== wanted) {
      response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="lab"' }).end();
      return;
    }
    const [, kind, name = ''] = /\/(manifests|blobs)\/([^/]+)$/.exec(request.url ?? '') ?? [];
    if (kind === undefined) {
      response.writeHead(200).end('{}');
      return;
    }
    const blob = this.#blobs.get(this.#tags.get(name) ?? name);
    if (blob === undefined) {
      const errors = [{ code: 'MANIFEST_UNKNOWN', message: 'manifest unknown' }];
      response
        .writeHead(404, { 'Content-Type': 'application/json' })
        .end(JSON.stringify({ errors }));
      return;
    }
    response.writeHead(200, {
      'Content-Type': kind === 'manifests' ? manifestType : 'application/octet-stream',
      'Content-Length': blob.bytes.length,
      'Docker-Content-Digest': blob.digest,
    });
    if (kind === 'blobs' && this.isBroken) {
      response.write(blob.bytes.subarray(0, 10), () => response.destroy());
      return;
    }
    response.end(request.method === 'HEAD' ? undefined : blob.bytes);
  }
}
