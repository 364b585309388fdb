import path from 'node:path';
import { copyFile, mkdir } from 'node:fs/promises';
import { figures } from '../../shared/metrics/figures.js';
import type { RunId, RunKind } from '../../shared/run/events.js';
import type { RunState } from '../../shared/run/state.js';
import type { CliDeps } from './run-driver.js';

/** What `--json` prints, whatever the command was. */
export type RunResult = {
  readonly runId: RunId;
  readonly kind: RunKind;
  readonly outcome: string;
  readonly rollbackSeconds: number | null;
  readonly downtimeSeconds: number | null;
  readonly unhealthySeconds: number | null;
  readonly steps: readonly {
    readonly id: string;
    readonly kind: string;
    readonly status: string;
    readonly seconds: number | null;
    /** What looking at an unknown outcome showed. */
    readonly looked: { readonly isDone: boolean | null; readonly facts: string } | null;
  }[];
  readonly reports: { readonly markdown: string; readonly json: string };
};

export type Ended = { readonly result: RunResult; readonly isGood: boolean };

/** Writes the reports and sums the run up. `out`: a folder that gets copies of the reports. */
export async function runResult(
  runId: RunId,
  out: string | null,
  { lastgood, progress }: Pick<CliDeps, 'lastgood' | 'progress'>,
): Promise<RunResult> {
  const { reports, runs, clock } = lastgood;
  const written = {
    markdown: await place(await reports.write(runId, 'markdown'), out),
    json: await place(await reports.write(runId, 'json'), out),
  };
  progress.say(`Report: ${written.markdown}`);
  const { state, started } = runs.mustBeLive(runId);
  const { rollbackSeconds, downtimeSeconds, unhealthySeconds, stepSeconds } = figures(
    state,
    clock.moment(),
  );
  return {
    runId,
    kind: started.kind,
    outcome: state.closed?.outcome ?? 'unfinished',
    rollbackSeconds: state.completedAt === null ? null : rollbackSeconds,
    downtimeSeconds,
    unhealthySeconds,
    steps: state.steps.map(({ plan: { id, kind }, status, looked }) => ({
      id,
      kind,
      status,
      seconds: stepSeconds[id] ?? null,
      looked: status === 'unknown' ? looked : null,
    })),
    reports: written,
  };
}

/** The target version serves, and its checks and the watch passed. */
export function isRolledBack({ closed, watch }: RunState): boolean {
  return closed?.outcome === 'rolled-back' && watch?.ended?.verdict === 'pass';
}

async function place(report: string, out: string | null): Promise<string> {
  if (out === null) {
    return report;
  }
  await mkdir(out, { recursive: true });
  const placed = path.resolve(out, path.basename(report));
  await copyFile(report, placed);
  return placed;
}
