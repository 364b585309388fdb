import { useMemo } from 'react';
import type { ReactNode, Ref } from 'react';
import type { StepState } from '../../shared/run/state.js';
import { count } from '../text/format.js';
import type { LogView as LogState } from '../stores/log-store.js';
import { useLogLines } from '../stores/log-lines.js';
import { useStores } from '../stores/stores.js';
import { linesOfStep } from '../ui/log/line-source.js';
import { LogView } from '../ui/log/log-view.js';
import type { LogHandle } from '../ui/log/log-view.js';
import { Tag } from '../ui/status-word.js';
import classes from './log-panels.module.css';

/** The step's own output, above what the service itself says. */
export function LogPanels({
  step,
  isWholeLog,
  onToggleWhole,
  serviceName,
  onCopy,
  searchRef,
}: {
  readonly step: StepState | undefined;
  readonly isWholeLog: boolean;
  readonly onToggleWhole: () => void;
  readonly serviceName: string;
  readonly onCopy: (text: string) => Promise<void>;
  readonly searchRef: Ref<LogHandle>;
}): ReactNode {
  const stores = useStores();
  const all = useLogLines(stores.stepLog);
  const service = useLogLines(stores.serviceLog);
  const stepId = isWholeLog ? undefined : step?.plan.id;
  const lines = useMemo(
    () => (stepId === undefined ? all : linesOfStep(all, stepId)),
    [all, stepId],
  );
  const errors = useMemo(() => countErrors(service), [service]);
  return (
    <>
      <LogView
        ref={searchRef}
        title={stepId === undefined ? 'All steps' : 'This step'}
        aside={
          <button type="button" className={classes['switch']} onClick={onToggleWhole}>
            {isWholeLog ? 'this step' : 'all steps'}
          </button>
        }
        lines={lines}
        emptyText={emptyText(all.view, 'This step has said nothing yet.')}
        searchKey="/"
        onCopy={onCopy}
      />
      <LogView
        title={`Log of ${serviceName}`}
        aside={errors === 0 ? null : <Tag tone="bad">{count(errors, 'error line')}</Tag>}
        lines={service}
        emptyText={emptyText(service.view, 'The service has said nothing since the run began.')}
        onCopy={onCopy}
      />
    </>
  );
}

function emptyText(view: LogState, nothing: string): string {
  switch (view.status) {
    case 'loading':
      return 'Reading the log…';
    case 'unreadable':
      return `The log cannot be read: ${view.error.message}`;
    default:
      return nothing;
  }
}

const COUNTED_LINES = 2_000;

function countErrors(lines: ReturnType<typeof useLogLines>): number {
  let errors = 0;
  for (let index = Math.max(0, lines.total - COUNTED_LINES); index < lines.total; index += 1) {
    if (lines.lineAt(index)?.isError === true) {
      errors += 1;
    }
  }
  return errors;
}
