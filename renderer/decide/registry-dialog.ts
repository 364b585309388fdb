import { AppError } from '../../shared/errors/app-error.js';
import type { Environment } from '../../shared/runbook/environment-schema.js';
import { describeEngine } from '../../shared/runbook/engine-way.js';
import { MOST_TAGS, RegistryTag } from '../../shared/runbook/registry-place.js';
import type { RegistryPlace } from '../../shared/runbook/registry-place.js';
import type { DialogSpec } from '../ui/actions/dialog-spec.js';

/** Says where the login goes before it goes there. */
export function registryDialog(
  { engine, repository, tags }: RegistryPlace,
  { engines }: Environment,
  askFor: (tags: readonly string[]) => Promise<void>,
): DialogSpec {
  const found = engines.find(({ name }) => name === engine);
  const place = found === undefined ? '' : ` (${describeEngine(found)})`;
  return {
    title: 'Ask the registry for versions',
    text: `The engine ${engine}${place} asks ${repository} what these tags stand for. If your own Docker configuration has a login for that registry, the engine is handed it now, and once more when you approve that the image is loaded. Nothing is loaded yet.`,
    fields: [
      {
        kind: 'text',
        name: 'tags',
        label: 'Tags, separated by spaces',
        placeholder: 'v1.1.0',
        initial: tags.join(' '),
      },
    ],
    confirm: 'Ask the registry',
    submit: (values) => askFor(tagsIn(values['tags'] ?? '')),
  };
}

/** REGISTRY_TAG_INVALID with the word that is no tag; the dialog shows it and stays open. */
export function tagsIn(text: string): readonly string[] {
  const words = [...new Set(text.split(/[\s,]+/).filter((word) => word !== ''))];
  const wrong = words.find((word) => !RegistryTag.safeParse(word).success);
  if (wrong !== undefined) {
    throw new AppError(
      'REGISTRY_TAG_INVALID',
      `“${wrong}” is not a tag: letters, digits, dot, dash and underscore.`,
    );
  }
  if (words.length > MOST_TAGS) {
    throw new AppError(
      'REGISTRY_TAG_INVALID',
      `${String(MOST_TAGS)} tags can be asked for at once.`,
    );
  }
  return words;
}
