import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Document, LineCounter, Node, Pair } from 'yaml';
import type { Places, Position } from './check-runbook.js';

type Path = readonly PropertyKey[];

/** Finds where in the file a value stands, so that a problem can be said with line and column. */
export class Positions implements Places {
  readonly #document: Document.Parsed;
  readonly #lines: LineCounter;
  readonly #text: string;

  constructor(document: Document.Parsed, lines: LineCounter, text: string) {
    this.#text = text;
    this.#document = document;
    this.#lines = lines;
  }

  of(path: Path, near?: string): Position {
    const node = this.#nearest(path);
    const [start, end] = node?.range ?? [0, 0];
    const inside = near === undefined ? -1 : this.#text.slice(start, end).search(placeholder(near));
    return inside === -1 ? this.#at(node) : this.offset(start + inside);
  }

  ofKey(path: Path, key: string): Position {
    const node = this.#nearest(path);
    const resolved = this.#resolve(node);
    const pair = isMap(resolved) ? resolved.items.find((item) => keyText(item) === key) : undefined;
    return this.#at(pair !== undefined && isNode(pair.key) ? pair.key : node);
  }

  offset(offset: number): Position {
    const { line, col } = this.#lines.linePos(offset);
    return line === 0 ? { line: null, column: null } : { line, column: col };
  }

  #at(node: Node | null): Position {
    const start = node?.range?.[0];
    return start === undefined ? { line: 1, column: 1 } : this.offset(start);
  }

  #nearest(path: Path): Node | null {
    let node: Node | null = this.#document.contents;
    for (const part of path) {
      const next = this.#child(node, part);
      if (next === null) {
        return node;
      }
      node = next;
    }
    return node;
  }

  #child(parent: Node | null, part: PropertyKey): Node | null {
    const node = this.#resolve(parent);
    if (isSeq(node) && typeof part === 'number') {
      const item = node.items[part];
      return isNode(item) ? item : null;
    }
    if (!isMap(node)) {
      return null;
    }
    const pair = node.items.find((item) => keyText(item) === String(part));
    if (pair === undefined) {
      return null;
    }
    // `key:` with nothing after it has a value without a place of its own.
    return isNode(pair.value) && !isEmpty(pair.value)
      ? pair.value
      : isNode(pair.key)
        ? pair.key
        : null;
  }

  #resolve(node: Node | null): Node | null {
    return isAlias(node) ? (node.resolve(this.#document) ?? null) : node;
  }
}

function placeholder(name: string): RegExp {
  return new RegExp(`\\{\\{\\s*${name.replaceAll(/[^a-zA-Z0-9]/g, '\\$&')}\\s*\\}\\}`);
}

function keyText(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : '';
}

function isNode(value: unknown): value is Node {
  return isScalar(value) || isMap(value) || isSeq(value) || isAlias(value);
}

function isEmpty(node: Node): boolean {
  return isScalar(node) && node.value === null && node.source === '';
}
