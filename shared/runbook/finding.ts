/** Something wrong with a runbook that the schema alone cannot see, and where it stands. */
export type Finding = {
  readonly path: readonly (string | number)[];
  readonly message: string;
  /** The very words that are wrong, where the value is a long text. */
  readonly near?: string;
};

/** Every repetition after the first, at the place of the repetition. */
export function repeated(
  values: readonly string[],
  at: (index: number) => Finding['path'],
  what: string,
): readonly Finding[] {
  return values.flatMap((value, index) =>
    values.indexOf(value) === index
      ? []
      : [{ path: at(index), message: `${what} “${value}” is there twice` }],
  );
}

/** Null when the pattern is sound. One that fits the empty line fits every line and judges nothing. */
export function patternProblem(pattern: string): string | null {
  try {
    return new RegExp(pattern).test('')
      ? 'this regular expression fits every line, even an empty one'
      : null;
  } catch (error) {
    return `not a regular expression: ${error instanceof Error ? error.message : 'it cannot be read'}`;
  }
}
