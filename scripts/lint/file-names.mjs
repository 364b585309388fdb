import { basename } from 'node:path';

const kebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*\.(ts|tsx|js|mjs)$/u;
const pascal = /^[A-Z][A-Za-z0-9]*\.tsx$/u;

/** Files are named in kebab-case, React components after themselves. @type {import('eslint').Rule.RuleModule} */
export const fileNames = {
  meta: {
    type: 'suggestion',
    schema: [],
    messages: { name: 'Name this file in kebab-case (a component file in PascalCase).' },
  },
  create: (context) => ({
    Program(node) {
      const name = basename(context.filename);
      if (!kebab.test(name) && !pascal.test(name)) {
        context.report({ node, messageId: 'name' });
      }
    },
  }),
};
