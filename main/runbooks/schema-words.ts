import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/** Unions report per alternative; the one with the fewest faults is the one that was meant. */
export function flatten(issues: readonly Issue[]): readonly Issue[] {
  return issues.flatMap((issue) => {
    if (issue.code !== 'invalid_union' || issue.errors.length === 0) {
      return [issue];
    }
    const closest = issue.errors.reduce((best, one) => (one.length < best.length ? one : best));
    return flatten(closest.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })));
  });
}

/** What is wrong in the words of somebody who writes runbooks, not of the schema library. */
export function wordsFor(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined && /received undefined/.test(issue.message)
        ? 'is missing'
        : `must be ${article(issue.expected)}`;
    case 'invalid_value':
      return `must be one of ${issue.values.map((value) => JSON.stringify(value)).join(', ')}`;
    case 'too_small':
      return `must ${issue.origin === 'number' || issue.origin === 'int' ? 'be' : 'have'} ${
        issue.inclusive === true ? 'at least' : 'more than'
      } ${String(issue.minimum)}${unitOf(issue.origin)}`;
    case 'too_big':
      return `must ${issue.origin === 'number' || issue.origin === 'int' ? 'be' : 'have'} at most ${String(
        issue.maximum,
      )}${unitOf(issue.origin)}`;
    case 'invalid_format':
      return formatWords(issue);
    case 'invalid_union':
      return 'names none of the kinds known here';
    default:
      return issue.message;
  }
}

function formatWords(issue: Extract<Issue, { code: 'invalid_format' }>): string {
  if (issue.format === 'starts_with') {
    return 'must begin with /';
  }
  if (issue.format === 'url') {
    return 'must be an address such as http://localhost:3000';
  }
  // A message of the schema's own is a sentence; the library's begins with "Invalid".
  return issue.message.startsWith('Invalid')
    ? 'must be lower-case letters, digits and dashes'
    : `must be ${issue.message}`;
}

function unitOf(origin: string): string {
  if (origin === 'string') {
    return ' character(s)';
  }
  return origin === 'array' ? ' item(s)' : '';
}

function article(expected: string): string {
  const words: Record<string, string> = {
    string: 'a text (put quotes around it)',
    number: 'a number',
    int: 'a whole number',
    boolean: 'true or false',
    array: 'a list',
    object: 'a group of keys',
    record: 'a group of keys',
  };
  return words[expected] ?? expected;
}
