import type { z } from 'zod';
import type { RunbookProblem } from '../../shared/ipc/views.js';
import { parsedOnce } from '../../shared/parsed-once.js';
import { crossCheck } from '../../shared/runbook/cross-checks.js';
import { Runbook } from '../../shared/runbook/schema.js';
import { flatten, wordsFor } from './schema-words.js';

/** `content`: what was read, before the schema filled in what it leaves out. */
export type ParseResult =
  | { readonly ok: true; readonly runbook: Runbook; readonly content: unknown }
  | { readonly ok: false; readonly problems: readonly RunbookProblem[] };

export type Position = { readonly line: number | null; readonly column: number | null };

type Path = readonly PropertyKey[];

/** Where in its file a value stands. */
export interface Places {
  /** Of the value at `path`; where there is none, of the nearest thing around it. */
  of(path: Path, near?: string): Position;
  /** Of the key itself: an unknown key is wrong, not its value. */
  ofKey(path: Path, key: string): Position;
}

export const nowhere: Position = { line: null, column: null };

const noPlaces: Places = { of: () => nowhere, ofKey: () => nowhere };

/** A runbook is some hundred lines; what is bigger is no runbook, or an attack on the parser. */
export const MAX_RUNBOOK_BYTES = 1_000_000;
const MAX_PROBLEMS = 100;

type MakeProblem = (position: Position, message: string) => RunbookProblem;

/** Holds what a file says against the schema, and then its parts against each other; all problems of one layer at once. Never throws. */
export function checkRunbook(
  file: string,
  content: unknown,
  kinds: readonly string[],
  places: Places = noPlaces,
): ParseResult {
  const problem: MakeProblem = (position, message) => ({ file, ...position, message });
  const parsed = Runbook.safeParse(content, parsedOnce);
  if (!parsed.success) {
    return refuse(schemaProblems(parsed.error, places, problem));
  }
  const findings = crossCheck(parsed.data, kinds);
  return findings.length === 0
    ? { ok: true, runbook: parsed.data, content }
    : refuse(findings.map(({ path, message, near }) => problem(places.of(path, near), message)));
}

function schemaProblems(
  error: z.ZodError,
  places: Places,
  problem: MakeProblem,
): readonly RunbookProblem[] {
  return flatten(error.issues).flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) =>
        problem(places.ofKey(issue.path, key), `${where(issue.path)}unknown key “${key}”`),
      );
    }
    if (issue.code === 'invalid_key') {
      const key = String(issue.path.at(-1) ?? '');
      const around = issue.path.slice(0, -1);
      return [problem(places.ofKey(around, key), `${where(around)}“${key}” cannot be a name here`)];
    }
    return [problem(places.of(issue.path), `${where(issue.path)}${wordsFor(issue)}`)];
  });
}

function where(path: readonly PropertyKey[]): string {
  return path.length === 0 ? '' : `${path.map(String).join('.')}: `;
}

/** In the order of the file, and no more than can be read. */
export function refuse(problems: readonly RunbookProblem[]): ParseResult {
  const inOrder = [...problems].sort(
    (a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
  );
  return { ok: false, problems: inOrder.slice(0, MAX_PROBLEMS) };
}
