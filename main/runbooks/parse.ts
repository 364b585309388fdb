import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import type { RunbookProblem } from '../../shared/ipc/views.js';
import { crossCheck } from '../../shared/runbook/cross-checks.js';
import { parsedOnce } from '../../shared/parsed-once.js';
import { Runbook } from '../../shared/runbook/schema.js';
import { Positions } from './positions.js';
import type { Position } from './positions.js';
import { flatten, wordsFor } from './schema-words.js';

export type ParseResult =
  | { readonly ok: true; readonly runbook: Runbook }
  | { readonly ok: false; readonly problems: readonly RunbookProblem[] };

/** A runbook is a few hundred lines; what is bigger is no runbook, or an attack on the parser. */
export const MAX_RUNBOOK_BYTES = 1_000_000;
const MAX_ALIASES = 50;
const MAX_PROBLEMS = 100;

/**
 * Reads a runbook file. Never throws: whatever is wrong with the text comes back as problems with line and
 * column, all of one layer at once (YAML, then schema, then cross-checks).
 */
export function parseRunbook(file: string, text: string, kinds: readonly string[]): ParseResult {
  const problem = (position: Position, message: string): RunbookProblem => ({
    file,
    ...position,
    message,
  });
  const nowhere = { line: null, column: null };
  if (new TextEncoder().encode(text).length > MAX_RUNBOOK_BYTES) {
    return { ok: false, problems: [problem(nowhere, 'the file is larger than 1 MB')] };
  }
  try {
    return parseText(text, kinds, problem);
  } catch (error) {
    // Nesting or aliases beyond what the parser will follow.
    const why = error instanceof Error ? error.message : 'unknown';
    return { ok: false, problems: [problem(nowhere, `the file cannot be read as YAML: ${why}`)] };
  }
}

type MakeProblem = (position: Position, message: string) => RunbookProblem;

function parseText(text: string, kinds: readonly string[], problem: MakeProblem): ParseResult {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    schema: 'core',
    merge: false,
    uniqueKeys: true,
    prettyErrors: false,
    lineCounter: lines,
  });
  const positions = new Positions(document, lines, text);
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) {
    return refuse(faults.map((fault) => problem(positions.offset(fault.pos[0]), fault.message)));
  }
  const parsed = Runbook.safeParse(document.toJS({ maxAliasCount: MAX_ALIASES }), parsedOnce);
  if (!parsed.success) {
    return refuse(schemaProblems(parsed.error, positions, problem));
  }
  const findings = crossCheck(parsed.data, kinds);
  return findings.length === 0
    ? { ok: true, runbook: parsed.data }
    : refuse(findings.map(({ path, message, near }) => problem(positions.of(path, near), message)));
}

function schemaProblems(
  error: z.ZodError,
  positions: Positions,
  problem: MakeProblem,
): readonly RunbookProblem[] {
  return flatten(error.issues).flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) =>
        problem(positions.ofKey(issue.path, key), `${where(issue.path)}unknown key “${key}”`),
      );
    }
    if (issue.code === 'invalid_key') {
      const key = String(issue.path.at(-1) ?? '');
      const around = issue.path.slice(0, -1);
      return [
        problem(positions.ofKey(around, key), `${where(around)}“${key}” cannot be a name here`),
      ];
    }
    return [problem(positions.of(issue.path), `${where(issue.path)}${wordsFor(issue)}`)];
  });
}

function where(path: readonly PropertyKey[]): string {
  return path.length === 0 ? '' : `${path.map(String).join('.')}: `;
}

function refuse(problems: readonly RunbookProblem[]): ParseResult {
  const inOrder = [...problems].sort(
    (a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
  );
  return { ok: false, problems: inOrder.slice(0, MAX_PROBLEMS) };
}
