import type { MessageTemplate } from '../runbook/schema.js';
import { factTitles, isFactName } from './fact-names.js';
import type { FactName } from './fact-names.js';
import type { MessageFacts } from './facts.js';

export type Segment =
  | { readonly text: string; readonly kind: 'fixed' }
  | { readonly text: string; readonly kind: 'fact' | 'unknown'; readonly fact: FactName };

export type FilledMessage = {
  readonly subject: readonly Segment[] | null;
  readonly body: readonly Segment[];
  /** Each once, in the order they stand. Copying then needs one more key. */
  readonly unknown: readonly FactName[];
};

const DRILL_SUBJECT = '[DRILL] ';
const DRILL_BODY = '[DRILL] This is an exercise.\n\n';
const PLACEHOLDER = /\{\{([^{}]*)\}\}/;
const UNKNOWN_TITLES: ReadonlyMap<string, FactName> = new Map(
  // eslint-disable-next-line @typescript-eslint/no-unsafe-type-assertion -- Object.keys widens to string; `factTitles` is a literal
  (Object.keys(factTitles) as FactName[]).map((fact) => [unknownText(fact), fact]),
);

/** The template with everything filled in that is known. A drill says so by itself, whatever the template holds. */
export function fillMessage(template: MessageTemplate, facts: MessageFacts): FilledMessage {
  return message(subjectOf(template, facts), mark(fill(template.body.trimEnd(), facts), facts));
}

/** The operator's own words. Marks of what was unknown stay marked until they are replaced. */
export function editedMessage(
  template: MessageTemplate,
  body: string,
  facts: MessageFacts,
): FilledMessage {
  const segments = splitMarks(body);
  return message(
    subjectOf(template, facts),
    body.includes('[DRILL]') ? segments : mark(segments, facts),
  );
}

export function plainText(segments: readonly Segment[]): string {
  return segments.map(({ text }) => text).join('');
}

/** What stands in a text where a fact is missing; made to be noticed by whoever reads the message. */
export function unknownText(fact: FactName): string {
  return `[${factTitles[fact]}: not known yet]`;
}

function message(subject: readonly Segment[] | null, body: readonly Segment[]): FilledMessage {
  const unknown = [...(subject ?? []), ...body].flatMap((segment) =>
    segment.kind === 'unknown' ? [segment.fact] : [],
  );
  return { subject, body, unknown: [...new Set(unknown)] };
}

function subjectOf({ subject }: MessageTemplate, facts: MessageFacts): readonly Segment[] | null {
  if (subject === undefined) {
    return null;
  }
  const segments = fill(subject, facts);
  return facts.kind === 'drill' ? [{ text: DRILL_SUBJECT, kind: 'fixed' }, ...segments] : segments;
}

function mark(segments: readonly Segment[], facts: MessageFacts): readonly Segment[] {
  return facts.kind === 'drill' ? [{ text: DRILL_BODY, kind: 'fixed' }, ...segments] : segments;
}

function fill(text: string, facts: MessageFacts): readonly Segment[] {
  return text
    .split(/(\{\{[^{}]*\}\})/)
    .filter((part) => part !== '')
    .map((part): Segment => {
      const name = PLACEHOLDER.exec(part)?.[1]?.trim() ?? '';
      if (!isFactName(name)) {
        return { text: part, kind: 'fixed' };
      }
      const value = facts[name];
      return value === null
        ? { text: unknownText(name), kind: 'unknown', fact: name }
        : { text: value, kind: 'fact', fact: name };
    });
}

function splitMarks(text: string): readonly Segment[] {
  return text
    .split(/(\[[^[\]]*: not known yet\])/)
    .filter((part) => part !== '')
    .map((part): Segment => {
      const fact = UNKNOWN_TITLES.get(part);
      return fact === undefined
        ? { text: part, kind: 'fixed' }
        : { text: part, kind: 'unknown', fact };
    });
}
