import { useEffect, useState } from 'react';
import type { Input } from '../../shared/ipc/contract.js';
import type { RunSummary } from '../../shared/ipc/views.js';
import type { Review } from '../../shared/run/facts.js';
import { currentStage } from '../../shared/run/select.js';
import { refusalOf } from '../../shared/run/rules.js';
import type { RunState, StartedRun } from '../../shared/run/state.js';
import { valueOf } from '../stores/answer-store.js';
import { useClient, useNavigation, useStores } from '../stores/stores.js';
import { useAnswer, useSend } from '../stores/use-run.js';
import type { Action, StageActions } from '../ui/actions/action.js';
import { useAsk } from '../ui/actions/actions-context.js';
import { goOnAction } from '../ui/go-on.js';
import { closeDialog } from './close-dialog.js';
import { DRILL_LIST } from './drill-card.js';
import type { ReportFormat, Written } from './exports-card.js';
import { FIRST_REVIEW_FIELD } from './review-form.js';

/** Past runs to compare with; null while they are not known. */
export function usePastRuns(): readonly RunSummary[] | null {
  const client = useClient();
  const { answer, ask } = useAnswer((input: Input<'runs.list'>) =>
    client.request('runs.list', input),
  );
  useEffect(() => {
    void ask(null);
  }, [ask]);
  return valueOf(answer);
}

export type Exports = {
  readonly written: Written;
  readonly write: (format: ReportFormat) => Promise<void>;
  readonly reveal: (format: ReportFormat) => Promise<void>;
};

export function useExports({ runId }: StartedRun): Exports {
  const client = useClient();
  const [written, setWritten] = useState<Written>({});
  return {
    written,
    write: async (format) => {
      const { path } = await client.request('reports.export', { runId, format });
      setWritten((now) => ({ ...now, [format]: path }));
    },
    reveal: async (format) => {
      await client.request('reports.reveal', { runId, format });
    },
  };
}

export function useReviewActions(
  run: RunState,
  review: Review,
  exports: Exports,
  toggleTimeline: () => void,
  more: readonly Action[],
): StageActions {
  const send = useSend();
  const ask = useAsk();
  const { openStage, goHome } = useNavigation();
  const { readOlder } = useStores().run.getState();
  const close: Action = {
    id: 'close',
    label: 'Close the run…',
    key: 'Enter',
    tone: 'primary',
    refusal: refusalOf(run, { type: 'close', reason: '' }),
    run: () => {
      ask(closeDialog(run, review, (reason) => send({ type: 'close', reason })));
    },
  };
  const abandon =
    run.phase !== 'closed' && currentStage(run) !== 'review' && close.refusal === null;
  return {
    primary: primaryOf(run, close, goOnAction(currentStage(run), 'review', openStage), goHome),
    others: [
      ...(abandon ? [abandonAction(close)] : []),
      ...more,
      exportAction('markdown', 'Write the report as Markdown', 'M', exports),
      exportAction('json', 'Write it as JSON', 'J', exports),
      quiet('fill-in', 'Go to what people know', 'E', () => {
        document.getElementById(FIRST_REVIEW_FIELD)?.focus();
      }),
      quiet('drill-list', 'Go to the drill checklist', 'D', () => {
        document.querySelector<HTMLElement>(`#${DRILL_LIST} input`)?.focus();
      }),
      quiet('timeline', 'Show or leave out the routine records', 'T', toggleTimeline),
      quiet('earlier', 'Show earlier records of the timeline', 'B', () => readOlder()),
      ...(exports.written.markdown === undefined && exports.written.json === undefined
        ? []
        : [
            quiet('reveal', 'Show the report’s file', 'V', () =>
              exports.reveal(exports.written.markdown === undefined ? 'json' : 'markdown'),
            ),
          ]),
    ],
  };
}

/** Closing is the end of a run that is over; before that the next action is elsewhere. */
function primaryOf(run: RunState, close: Action, goOn: Action | null, goHome: () => void): Action {
  if (run.phase === 'closed') {
    return { id: 'go-home', label: 'Go to Home', key: 'Enter', tone: 'primary', run: goHome };
  }
  return goOn ?? close;
}

/** For a run that led to nothing: legal only while nothing has been changed. */
function abandonAction(close: Action): Action {
  return { ...close, id: 'abandon', label: 'Close without a rollback…', key: 'Q', tone: 'normal' };
}

function exportAction(
  format: ReportFormat,
  label: string,
  key: string,
  { write }: Exports,
): Action {
  return { id: `export-${format}`, label, key, tone: 'normal', run: () => write(format) };
}

function quiet(id: string, label: string, key: string, run: Action['run']): Action {
  return { id, label, key, tone: 'quiet', isInBar: false, run };
}
