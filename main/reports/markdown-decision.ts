import type { Evidence, Reading } from '../../shared/decision/evidence.js';
import { inline, table } from './markdown-text.js';
import { moment } from './markdown-values.js';
import type { ReportData, VersionData } from './report-data.js';

export function decisionSection({ decision, evidence, from, to }: ReportData): readonly string[] {
  return [
    '## Decision',
    '',
    ...(decision === null
      ? ['No rollback was ordered.']
      : [
          `${inline(decision.authority)} ordered the rollback on ${moment(decision.at)}; ${inline(
            decision.operator,
          )} operates.`,
          '',
          `**${inline(decision.verdict)}**`,
          '',
          `Reason: ${inline(decision.reason)}`,
          ...bullets('Criteria met for a rollback', decision.criteriaFor),
          ...bullets('Criteria met against it', decision.criteriaAgainst),
          ...bullets('Contradictions', decision.contradictions),
        ]),
    '',
    '### Evidence',
    '',
    ...table(['What', 'Value', 'From'], evidenceRows(evidence)),
    '',
    '### Versions',
    '',
    ...table(
      ['', 'Version', 'Id', 'Names', 'Made'],
      [versionRow('From', from), versionRow('To', to)],
    ),
  ];
}

function bullets(title: string, texts: readonly string[]): readonly string[] {
  return texts.length === 0
    ? []
    : ['', `${title}:`, '', ...texts.map((text) => `- ${inline(text)}`)];
}

function evidenceRows(evidence: Evidence): readonly (readonly string[])[] {
  const row = (title: string, value: string | null): readonly string[] => [
    title,
    value === null ? 'not known' : inline(value),
    '',
  ];
  return [
    row('Severity', evidence.severity),
    readingRow('Error rate', evidence.errorRatePercent),
    readingRow('Performance loss', evidence.performanceLossPercent),
    row('Data', evidence.dataImpact),
    readingRow('Cost overrun', evidence.costOverrunPercent),
    readingRow('Functionality affected', evidence.affectedPercent),
    row('Security finding', yesNo(evidence.securityFinding)),
    row('Can be fixed forward in time', yesNo(evidence.canFixForward)),
    row('Symptoms', filled(evidence.symptoms)),
    row('Impact', filled(evidence.impact)),
  ];
}

function readingRow(title: string, reading: Reading | null): readonly string[] {
  if (reading === null) {
    return [title, 'not known', ''];
  }
  const source = reading.source === 'live' ? 'measured' : 'typed';
  const detail = reading.detail === '' ? '' : `: ${reading.detail}`;
  return [title, `${String(reading.value)} %`, inline(`${source} ${moment(reading.at)}${detail}`)];
}

function yesNo(answer: boolean | null): string | null {
  if (answer === null) {
    return null;
  }
  return answer ? 'yes' : 'no';
}

function filled(text: string): string | null {
  return text.trim() === '' ? null : text;
}

function versionRow(title: string, version: VersionData | null): readonly string[] {
  return version === null
    ? [title, 'not known', '', '', '']
    : [
        title,
        inline(version.version),
        inline(version.id),
        inline(version.names.join(', ')),
        version.createdAt === null ? 'not known' : moment(version.createdAt),
      ];
}
