import { join } from 'node:path';
import { AppError } from '../../shared/errors/app-error.js';
import type { RunId, RunRecord } from '../../shared/run/events.js';
import { momentOf } from '../../shared/run/reduce-start.js';
import type { Moment } from '../../shared/run/state.js';
import { writeFileAtomically } from '../storage/atomic-file.js';
import type { DataPaths } from '../storage/data-paths.js';
import { redactAll, withoutPhones } from './clean.js';
import { jsonReport } from './json.js';
import { markdownReport } from './markdown.js';
import { reportData } from './report-data.js';
import type { ReportData } from './report-data.js';

export type ReportFormat = 'markdown' | 'json';

export type RunReportsDeps = {
  /** A run's journal as it lies on disk; RUN_NOT_FOUND when there is none. */
  readonly read: (
    runId: RunId,
  ) => Promise<{ readonly records: readonly RunRecord[]; readonly head: string }>;
  readonly paths: Pick<DataPaths, 'run'>;
  /** Null for a run that this process does not drive: its clocks ended with its last record. */
  readonly nowFor: (runId: RunId) => Moment | null;
  readonly redact: (text: string) => string;
};

const renderers: Record<ReportFormat, { file: string; render: (data: ReportData) => string }> = {
  markdown: { file: 'report.md', render: markdownReport },
  json: { file: 'report.json', render: jsonReport },
};

/** Writes the reports of a run beside its journal. Secrets and phone numbers are taken out before anything is rendered. */
export class RunReports {
  readonly #deps: RunReportsDeps;

  constructor(deps: RunReportsDeps) {
    this.#deps = deps;
  }

  pathOf(runId: RunId, format: ReportFormat): string {
    return join(this.#deps.paths.run(runId).reports, renderers[format].file);
  }

  /** Replaces an earlier report of the same run and answers with its path. RUN_NOT_FOUND when there is no such run. */
  async write(runId: RunId, format: ReportFormat): Promise<string> {
    const path = this.pathOf(runId, format);
    await writeFileAtomically(path, renderers[format].render(await this.#dataOf(runId)));
    return path;
  }

  async #dataOf(runId: RunId): Promise<ReportData> {
    const { records, head } = await this.#deps.read(runId);
    const last = records.at(-1);
    const now = this.#deps.nowFor(runId) ?? (last && momentOf(last));
    const data = now === undefined ? null : reportData({ records, headHash: head, now });
    if (data === null) {
      throw new AppError('RUN_NOT_FOUND', `The journal of ${runId} holds no start of a run.`);
    }
    const leavePhonesOut = withoutPhones(phonesIn(records));
    return redactAll(data, (text) => leavePhonesOut(this.#deps.redact(text)));
  }
}

function phonesIn(records: readonly RunRecord[]): readonly string[] {
  return records.flatMap(({ event }) =>
    event.type === 'run.started'
      ? [...event.runbook.contacts.authority, ...event.runbook.contacts.support].flatMap(
          ({ phone }) => phone ?? [],
        )
      : [],
  );
}
