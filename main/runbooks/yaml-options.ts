/** The one way in which the YAML of runbooks is read, at the build too. */
export const yamlOptions = {
  schema: 'core',
  merge: false,
  uniqueKeys: true,
  prettyErrors: false,
} as const;
