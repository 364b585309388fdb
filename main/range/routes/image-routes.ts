import { parseFilters, passes, passesLabels } from '../filters.js';
import { imageListView, imageView } from '../image-view.js';
import { isTrue, route } from '../router.js';
import type { Call, Reply, Route } from '../router.js';
import type { ImageRecord } from '../world.js';

export const imageRoutes: readonly Route[] = [
  route('GET', '/images/json', list),
  route('GET', '/images/{name…}/json', inspect),
  route('POST', '/images/{name…}/tag', tag),
  route('DELETE', '/images/{name…}', remove),
];

function list({ engine, query }: Call): Reply {
  const filters = parseFilters(query.get('filters'), [
    'reference',
    'label',
    'dangling',
    'before',
    'since',
    'until',
  ]);
  const found = engine.images.all
    .filter((image) => passes(filters, 'reference', (pattern) => isNamed(image, pattern)))
    .filter((image) =>
      passes(filters, 'dangling', (value) => isTrue(value) === (image.tags.length === 0)),
    )
    .filter(({ config }) => passesLabels(filters, config.Labels))
    .toSorted((left, right) => Date.parse(right.createdAt) - Date.parse(left.createdAt));
  return { status: 200, body: found.map((image) => imageListView(image, engine.parts.world)) };
}

async function inspect({ engine, subject }: Call): Promise<Reply> {
  const isByName = !/^(sha256:)?[0-9a-f]{12,64}$/.test(subject);
  if (isByName && engine.images.vanishIfDue(subject)) {
    await engine.parts.save();
  }
  return { status: 200, body: imageView(engine.images.get(subject)) };
}

async function tag({ engine, subject, query }: Call): Promise<Reply> {
  engine.images.tag(subject, query.get('repo') ?? '', query.get('tag') ?? '');
  await engine.parts.save();
  return { status: 201 };
}

async function remove({ engine, subject, query }: Call): Promise<Reply> {
  const body = engine.images.remove(subject, isTrue(query.get('force')));
  await engine.parts.save();
  return { status: 200, body };
}

/** `*` and `?` stand for anything but a slash, as in the engine's own patterns. */
function isNamed(image: ImageRecord, pattern: string): boolean {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]');
  const expression = new RegExp(`^${source}$`);
  return image.tags.some(
    (name) => expression.test(name) || expression.test(name.replace(/:[^:/]*$/, '')),
  );
}
