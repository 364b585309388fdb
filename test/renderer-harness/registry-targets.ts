import type { Target } from '../../shared/plan/target.js';

/** What a registry is pretended to have: the first tag, and no other. */
export function foundInRegistry(tags: unknown) {
  return { targets: registryTargets(tags), at: new Date().toISOString() };
}

function registryTargets(tags: unknown): readonly Target[] {
  const [first, ...rest] = Array.isArray(tags) ? tags.map(String) : [];
  const shared = { createdAt: null, sizeBytes: null, isServing: false };
  const repository = 'registry.example/parcel-tracker';
  const digest = `sha256:${'4f1c'.repeat(16)}`;
  return [
    ...(first === undefined
      ? []
      : [
          {
            ...{ ...shared, id: `${repository}@${digest}`, version: first, digest },
            ...{ names: [`${repository}:${first}`] },
            subject: 'Only in its registry: it is loaded first',
          },
        ]),
    ...rest.map((tag) => ({
      ...{ ...shared, id: `${repository}:${tag}`, version: tag, digest: null },
      ...{ names: [`${repository}:${tag}`], problem: `manifest for ${tag} not found` },
    })),
  ];
}
