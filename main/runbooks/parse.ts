import { LineCounter, parseDocument } from 'yaml';
import type { RunbookProblem } from '../../shared/ipc/views.js';
import { MAX_RUNBOOK_BYTES, checkRunbook, nowhere, refuse } from './check-runbook.js';
import type { ParseResult, Position } from './check-runbook.js';
import { Positions } from './positions.js';
import { yamlOptions } from './yaml-options.js';

const MAX_ALIASES = 50;

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
  if (new TextEncoder().encode(text).length > MAX_RUNBOOK_BYTES) {
    return { ok: false, problems: [problem(nowhere, 'the file is larger than 1 MB')] };
  }
  try {
    return parseText(file, text, kinds, problem);
  } catch (error) {
    // Nesting or aliases beyond what the parser will follow.
    const why = error instanceof Error ? error.message : 'unknown';
    return { ok: false, problems: [problem(nowhere, `the file cannot be read as YAML: ${why}`)] };
  }
}

function parseText(
  file: string,
  text: string,
  kinds: readonly string[],
  problem: (position: Position, message: string) => RunbookProblem,
): ParseResult {
  const lines = new LineCounter();
  const document = parseDocument(text, { ...yamlOptions, lineCounter: lines });
  const positions = new Positions(document, lines, text);
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) {
    return refuse(faults.map((fault) => problem(positions.offset(fault.pos[0]), fault.message)));
  }
  return checkRunbook(file, document.toJS({ maxAliasCount: MAX_ALIASES }), kinds, positions);
}
