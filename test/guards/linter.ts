import { readdirSync } from 'node:fs';
import path from 'node:path';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';

export const checkout = path.resolve(import.meta.dirname, '../..');

export type Linter = {
  /** The names of the rules that the project's own configuration holds against `code` in `file`. */
  readonly rulesAgainst: (file: string, code: string) => Promise<readonly string[]>;
};

/** The project's configuration without what needs types: so the files that break it need not exist. */
export function createLinter(): Linter {
  const eslint = new ESLint({
    cwd: checkout,
    overrideConfig: [{ files: ['**/*.ts', '**/*.tsx'], ...tseslint.configs.disableTypeChecked }],
  });
  return {
    rulesAgainst: async (file, code) => {
      const [result] = await eslint.lintText(`${code}\n`, { filePath: path.join(checkout, file) });
      const messages = result?.messages ?? [];
      const broken = messages.find(({ fatal }) => fatal === true);
      if (broken !== undefined) {
        throw new Error(`${file} could not be read: ${broken.message}`);
      }
      return messages.map(({ ruleId }) => ruleId ?? '');
    },
  };
}

/** Some source file of a folder, as an import names it. */
export function anyFileOf(folder: string): string {
  const name = readdirSync(path.join(checkout, folder)).find((file) =>
    /(?<!\.d)\.tsx?$/u.test(file),
  );
  if (name === undefined) {
    throw new Error(`There is no source file in ${folder}.`);
  }
  return `${folder}/${name.replace(/\.tsx?$/u, '.js')}`;
}
