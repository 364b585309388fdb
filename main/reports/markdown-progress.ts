import { block, inline, table } from './markdown-text.js';
import { duration, moment } from './markdown-values.js';
import type { ReportData } from './report-data.js';

const marks = { ticked: '✓', 'passed-by': 'passed by', open: '✗' } as const;

export function checklistSection({ checklist }: ReportData): readonly string[] {
  return [
    '## Checklist',
    '',
    ...table(
      ['', 'Item', 'Required', 'Who', 'When', 'Evidence or reason'],
      checklist.map(({ state, text, required, by, at, words }) => [
        marks[state],
        inline(text),
        required ? 'yes' : 'no',
        inline(by ?? ''),
        at === null ? '' : moment(at),
        inline(words),
      ]),
    ),
  ];
}

export function stepsSection({ steps }: ReportData): readonly string[] {
  return [
    '## Steps',
    '',
    ...(steps.length === 0
      ? ['No steps were planned.']
      : table(
          ['#', 'Step', 'Where', 'Status', 'Took', 'Estimate', 'Result'],
          steps.map((step, index) => [
            String(index + 1),
            `${inline(step.title)} (${inline(step.kind)})`,
            inline(step.where),
            step.attempts > 1 ? `${step.status}, attempt ${String(step.attempts)}` : step.status,
            step.seconds === null ? '' : duration(step.seconds),
            duration(step.estimateSeconds),
            inline(step.result),
          ]),
        )),
  ];
}

export function messagesSection({ messages }: ReportData): readonly string[] {
  return [
    '## Messages',
    ...messages.flatMap(({ title, audience, sent }) => [
      '',
      `### ${inline(title)} (${inline(audience)})`,
      '',
      ...(sent.length === 0
        ? ['Not sent.']
        : sent.flatMap(({ at, where, by, body }, index) => [
            ...(index === 0 ? [] : ['']),
            `Sent by ${inline(by)} to ${inline(where)} on ${moment(at)}:`,
            '',
            block(body),
          ])),
    ]),
  ];
}
