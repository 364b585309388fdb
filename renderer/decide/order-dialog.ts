import type { Advice, Verdict } from '../../shared/decision/verdict.js';
import type { PreviewItem, Target } from '../../shared/plan/target.js';
import type { Contact } from '../../shared/runbook/schema.js';
import type { DialogSpec } from '../ui/actions/dialog-spec.js';
import { verdictParts } from './verdict-parts.js';

export type OrderAnswers = { readonly authority: string; readonly reason: string };

export type OrderQuestion = {
  readonly service: string;
  readonly environment: string;
  readonly target: Target;
  readonly verdict: Verdict;
  readonly symptoms: string;
  /** Null while the preview is not known. */
  readonly preview: readonly PreviewItem[] | null;
  readonly authority: readonly Contact[];
  readonly order: (answers: OrderAnswers) => Promise<void>;
};

const SOMEBODY_ELSE = 'somebody-else';

/** The last question before the clock starts. Doubts are said here; they forbid nothing. */
export function orderDialog(question: OrderQuestion): DialogSpec {
  const { service, environment, target, verdict, symptoms, authority } = question;
  const choices = authority.map((contact) => {
    const name = contactName(contact);
    return { value: name, label: name };
  });
  const lines = doubts(question);
  return {
    title: `Order the rollback of ${service} to ${target.version}`,
    text: `Starts the rollback clock and writes down the plan. Nothing in ${environment} changes yet.`,
    ...(lines.length > 0 && { lines }),
    fields: [
      {
        kind: 'choice',
        name: 'authority',
        label: 'Who orders it?',
        initial: choices[0]?.value ?? SOMEBODY_ELSE,
        choices: [...choices, { value: SOMEBODY_ELSE, label: 'Somebody else, named below' }],
      },
      {
        kind: 'text',
        name: 'name',
        label: 'Name',
        placeholder: 'added to the role; needed for somebody else',
        isOptional: true,
      },
      {
        kind: 'textarea',
        name: 'reason',
        label: 'Reason',
        initial: symptoms.trim() === '' ? reasonFrom(verdict) : symptoms.trim(),
      },
    ],
    confirm: `Order the rollback to ${target.version}`,
    submit: (values) =>
      question.order({
        authority: authorityFrom(
          values['authority'] ?? SOMEBODY_ELSE,
          (values['name'] ?? '').trim(),
        ),
        reason: (values['reason'] ?? '').trim(),
      }),
  };
}

export function contactName({ role, name }: Contact): string {
  return name === undefined ? role : `${name}, ${role}`;
}

/** A name given stands before the role; without one the role alone must do. */
export function authorityFrom(chosen: string, name: string): string {
  if (chosen === SOMEBODY_ELSE) {
    return name === '' ? 'Not named' : name;
  }
  return name === '' ? chosen : `${name}, ${chosen}`;
}

function reasonFrom(verdict: Verdict): string {
  return verdict.level === null ? '' : verdictParts(verdict).reasons;
}

const doubtfulAdvice = {
  'roll-back-now': null,
  'roll-back': null,
  choose: 'The verdict leaves the choice to you: say in the reason why you roll back.',
  'fix-forward': 'The verdict says: fix forward.',
  'not-enough-evidence': 'The verdict says: not enough evidence yet.',
} as const satisfies Record<Advice, string | null>;

function doubts({ verdict, preview }: OrderQuestion): readonly string[] {
  const advice = doubtfulAdvice[verdict.advice];
  const red = (preview ?? []).filter(({ state }) => state === 'red');
  return [
    ...(advice === null ? [] : [advice]),
    ...verdict.contradictions,
    ...(preview === null ? ['Whether you can still go back has not been looked at.'] : []),
    ...red.map(({ title, text }) => `Missing: ${title} (${text})`),
  ];
}
