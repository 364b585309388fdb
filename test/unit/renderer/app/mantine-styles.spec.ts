import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const renderer = join(import.meta.dirname, '../../../../renderer');
const library = join(import.meta.dirname, '../../../../node_modules/@mantine/core/styles');

test('every component of the library that the page draws has its styles', () => {
  const styles = readFileSync(join(renderer, 'app/mantine-styles.ts'), 'utf8');
  const drawn = componentsOf(renderer);
  expect(drawn.length).toBeGreaterThan(5);
  const missing = drawn
    .flatMap((name) => [name, ...(partsOf[name] ?? [])])
    .filter((name) => existsSync(join(library, `${name}.css`)))
    .filter((name) => !styles.includes(`styles/${name}.css'`));
  expect(missing).toEqual([]);
});

/** What a component is made of without our naming it. */
const partsOf: Readonly<Record<string, readonly string[]>> = {
  Checkbox: ['InlineInput', 'Input'],
  CloseButton: ['UnstyledButton'],
  Modal: ['ModalBase', 'Overlay', 'Paper', 'CloseButton', 'ScrollArea', 'Text'],
  NativeSelect: ['Input'],
  Radio: ['InlineInput', 'Input'],
  Spotlight: ['Modal', 'Input', 'Mark', 'ScrollArea', 'UnstyledButton'],
  Textarea: ['Input'],
  TextInput: ['Input'],
};

function componentsOf(folder: string): readonly string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const names = files
    .filter((file) => /\.tsx?$/u.test(file))
    .flatMap((file) => [
      ...readFileSync(join(folder, file), 'utf8').matchAll(
        /import \{([^}]*)\} from '@mantine\/(?:core|spotlight)'/gu,
      ),
    ])
    .flatMap(([, list = '']) => list.split(',').map((name) => name.trim()));
  return [...new Set(names)].filter((name) => /^[A-Z]/u.test(name));
}
