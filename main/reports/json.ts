import type { ReportData } from './report-data.js';

export function jsonReport(data: ReportData): string {
  return `${JSON.stringify(data, null, 2)}\n`;
}
