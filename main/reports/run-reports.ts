import { join } from 'node:path';
import { AppError } from '../../shared/errors/app-error.js';
import type { RunId, RunRecord } from '../../shared/run/events.js';
import { momentOf } from '../../shared/run/reduce-start.js';
import type { Moment } from '../../shared/run/state.js';
import { redactPatterns } from '../log/redaction.js';
import { writeFileAtomically } from '../storage/atomic-file.js';
import type { DataPaths } from '../storage/data-paths.js';
import { redactAll, withoutPhones } from './clean.js';
import { readHead } from './journal-head.js';
import { jsonReport } from './json.js';
import { markdownReport } from './markdown.js';
import { reportData } from './report-data.js';
import type { ReportData } from './report-data.js';

export type ReportFormat = 'markdown' | 'json';

export type RunReportsDeps = {
  readonly runs: {
    readonly read: (runId: RunId, fromSeq: number) => Promise<readonly RunRecord[]>;
    /** Null for a run that this process does not drive: its clocks ended with its last record. */
    readonly live: (runId: RunId) => object | null;
  };
  readonly paths: Pick<DataPaths, 'run'>;
  readonly now: () => Moment;
  /** Default: by patterns alone. */
  readonly redact?: (text: string) => string;
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
    const { runs, paths, now, redact = redactPatterns } = this.#deps;
    const head = await readHead(paths.run(runId).journal);
    // The journal may have grown since its head was read; the report ends where the hash does.
    const records = head === null ? [] : (await runs.read(runId, 0)).slice(0, head.lines);
    const last = records.at(-1);
    if (head === null || last === undefined) {
      throw new AppError('RUN_NOT_FOUND', `There are no records of a run ${runId}.`);
    }
    const moment = runs.live(runId) === null ? momentOf(last) : now();
    const data = reportData({ records, headHash: head.hash, now: moment });
    if (data === null) {
      throw new AppError('RUN_NOT_FOUND', `The journal of ${runId} holds no start of a run.`);
    }
    const leavePhonesOut = withoutPhones(phonesIn(records));
    return redactAll(data, (text) => leavePhonesOut(redact(text)));
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
