import { formatDuration } from '../../shared/metrics/format-duration.js';
import { decisionSection } from './markdown-decision.js';
import { block, inline, table } from './markdown-text.js';
import { checklistSection, messagesSection, stepsSection } from './markdown-progress.js';
import { duration, moment } from './markdown-values.js';
import type { ReportData } from './report-data.js';

const outcomeWords: Record<ReportData['outcome'], string> = {
  'rolled-back': 'Rolled back: the target serves',
  'rolled-forward': 'Rolled forward: every step was taken back',
  abandoned: 'Abandoned',
  open: 'Still open when this report was written',
};

/** The report for people. Every text that is not ours is escaped, so that no log line or note can break its form. */
export function markdownReport(data: ReportData): string {
  const sections = [
    headSection(data),
    decisionSection(data),
    checklistSection(data),
    stepsSection(data),
    healthSection(data),
    watchSection(data),
    messagesSection(data),
    timelineSection(data),
    notesSection(data),
    reviewSection(data),
    drillSection(data),
    journalSection(data),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function headSection(data: ReportData): readonly string[] {
  const { figures, from, to, environment } = data;
  const title = data.kind === 'drill' ? 'Drill report' : 'Incident report';
  return [
    `# ${title}: ${inline(data.service.title)} in ${inline(environment.name)}`,
    '',
    ...table(
      ['', ''],
      [
        ['Outcome', `**${outcomeWords[data.outcome]}**`],
        [
          'Version',
          `${inline(from?.version ?? 'not known')} → ${inline(to?.version ?? 'not chosen')}`,
        ],
        ['Rollback time', `**${duration(figures.rollbackSeconds)}**`],
        ['Downtime', `**${duration(figures.downtimeSeconds)}** (no answer at all)`],
        ['Unhealthy', `${duration(figures.unhealthySeconds)} (answers that were not as expected)`],
        ['Written estimate', estimateWords(figures.estimateSeconds)],
        ['Watch', data.watch === null ? 'not begun' : data.watch.verdict],
        [
          'Environment',
          `${inline(environment.name)} (${environment.tier}), ${inline(environment.url)}`,
        ],
        ['Procedure', inline(data.procedure.title)],
        ['Operator', inline(data.operator)],
        ['Started', moment(data.startedAt)],
        ['Report written', moment(data.writtenAt)],
        ...(data.faults.length === 0
          ? []
          : [['Faults injected', data.faults.map(inline).join(', ')]]),
        ...(filled(data.closingReason)
          ? [['Closed because', inline(data.closingReason ?? '')]]
          : []),
      ],
    ),
    ...(figures.isFinal
      ? []
      : ['', 'The run had not ended: its figures are those of this moment.']),
  ];
}

function estimateWords({ from, to }: { readonly from: number; readonly to: number }): string {
  return `${formatDuration(from)} to ${formatDuration(to)}`;
}

function healthSection({ health }: ReportData): readonly string[] {
  return [
    '## Health, as the console measured it',
    '',
    ...(health.length === 0
      ? ['Nothing was measured.']
      : table(
          ['Since', 'State', 'For', 'Seen'],
          health.map(({ since, state, seconds, detail }) => [
            moment(since),
            state,
            duration(seconds),
            inline(detail),
          ]),
        )),
  ];
}

function watchSection({ watch }: ReportData): readonly string[] {
  if (watch === null) {
    return [];
  }
  const early = watch.endedBy === null ? '' : `, ended early by ${inline(watch.endedBy)}`;
  const megabytes = (bytes: number): string => `${String(Math.round(bytes / 1_000_000))} MB`;
  return [
    '## Watch',
    '',
    `**${watch.verdict}**${early}: ${inline(watch.reasons.join(' '))}`,
    '',
    ...table(
      ['', ''],
      [
        ['Length', `${duration(watch.seconds)}, a look every ${String(watch.intervalSeconds)} s`],
        ['Looks', `${String(watch.looks)}, serving in ${String(watch.servingLooks)}`],
        [
          'Median answer',
          valueOf(watch.medianMilliseconds, (ms) => `${String(Math.round(ms))} ms`),
        ],
        ['Highest CPU', valueOf(watch.highestCpuPercent, (cpu) => `${String(Math.round(cpu))} %`)],
        ['Highest memory', valueOf(watch.highestMemoryBytes, megabytes)],
        ['New error lines', String(watch.newErrorLines)],
        ['Not looked for', duration(watch.gapSeconds)],
      ],
    ),
  ];
}

function valueOf(value: number | null, words: (value: number) => string): string {
  return value === null ? 'not measured' : words(value);
}

function timelineSection({ timeline }: ReportData): readonly string[] {
  return [
    '## Timeline',
    '',
    ...table(
      ['Time', 'Since the order', 'What'],
      timeline.map(({ at, secondsSinceOrder, text }) => [
        moment(at),
        secondsSinceOrder === null ? '' : duration(secondsSinceOrder),
        inline(text),
      ]),
    ),
  ];
}

function notesSection({ notes }: ReportData): readonly string[] {
  return notes.length === 0
    ? []
    : [
        '## Notes',
        '',
        ...table(
          ['Time', 'Who', 'Note'],
          notes.map(({ at, by, text }) => [moment(at), inline(by), inline(text)]),
        ),
      ];
}

function reviewSection({ review, predictedLoss, lossBeforeIt }: ReportData): readonly string[] {
  const parts: readonly (readonly [string, string])[] = [
    ['Root cause', review.rootCause],
    ['Data loss', review.dataLoss],
    ['Next steps', review.nextSteps],
    ['Date of the review', review.reviewDate],
    ['Participants', review.participants],
    ['Issues met', review.issues],
    ['Improvements', review.improvements],
  ];
  return [
    '## Review',
    ...(lossBeforeIt === null
      ? []
      : ['', '### Data loss counted right before it', '', block(lossBeforeIt)]),
    ...(predictedLoss === null
      ? []
      : ['', '### Data loss predicted at the decision', '', block(predictedLoss)]),
    ...parts.flatMap(([title, text]) =>
      filled(text)
        ? ['', `### ${title}`, '', block(text)]
        : ['', `### ${title}`, '', 'Not filled in.'],
    ),
  ];
}

function filled(text: string | null): boolean {
  return text !== null && text.trim() !== '';
}

function drillSection({ drillChecklist }: ReportData): readonly string[] {
  return drillChecklist.length === 0
    ? []
    : [
        '## Drill checklist',
        '',
        ...table(
          ['', 'Item', 'Ticked by', 'Evidence'],
          drillChecklist.map(({ isTicked, text, by, evidence }) => [
            isTicked ? '✓' : '✗',
            inline(text),
            inline(by ?? ''),
            inline(evidence),
          ]),
        ),
      ];
}

function journalSection({ journal, runId, appVersion }: ReportData): readonly string[] {
  return [
    '## Journal',
    '',
    ...table(
      ['', ''],
      [
        ['Run', `\`${runId}\``],
        ['Records', String(journal.records)],
        ['Hash of the last record', `\`${journal.headHash}\``],
        ['Lastgood', inline(appVersion)],
      ],
    ),
    '',
    'A journal whose last record has another hash was continued or changed after this report.',
  ];
}
