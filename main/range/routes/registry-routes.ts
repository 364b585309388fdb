import { EngineError } from '../engine-error.js';
import { nameOf, parseReference } from '../image-reference.js';
import { digestIn } from '../practice-registry.js';
import { pullLines } from '../pull-stream.js';
import { route } from '../router.js';
import type { Call, Reply, Route } from '../router.js';

const MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';

export const registryRoutes: readonly Route[] = [
  route('POST', '/images/create', pull),
  route('GET', '/distribution/{name…}/json', distribution),
];

/** What cannot be had is refused before the answer begins; the login that came along is looked at by nobody. */
async function pull({ engine, query, response }: Call): Promise<null> {
  const { parts, images } = engine;
  const name = query.get('fromImage') ?? '';
  if (name === '') {
    throw new EngineError(400, 'the practice engine imports no archives: name an image to pull');
  }
  const reference = parseReference(name, query.get('tag') ?? '');
  const image = engine.registry.find(reference);
  const isThere = images.all.some(({ id }) => id === image.id);
  const write = (line: object): void => {
    response.write(`${JSON.stringify(line)}\r\n`);
  };
  response.writeHead(200, { 'content-type': 'application/json' });
  write({ status: `Pulling from ${reference.path}`, id: reference.digest ?? reference.tag });
  for (const { afterMs, line } of isThere ? [] : pullLines(image)) {
    await parts.pace.wait(afterMs);
    // Whoever hangs up ends the pull; the engine keeps nothing of it.
    if (response.destroyed) {
      return null;
    }
    write(line);
  }
  const isNews = images.load(image, reference);
  await parts.save();
  const how = isNews ? 'Downloaded newer image for' : 'Image is up to date for';
  write({ status: `Digest: ${digestIn(image)}` });
  write({ status: `Status: ${how} ${nameOf(reference)}` });
  response.end();
  return null;
}

function distribution({ engine, subject }: Call): Reply {
  const image = engine.registry.find(parseReference(subject));
  return {
    status: 200,
    body: {
      Descriptor: { mediaType: MANIFEST, digest: digestIn(image), size: 1_782 },
      Platforms: [{ architecture: 'amd64', os: 'linux' }],
    },
  };
}
