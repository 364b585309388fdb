import { IconChevronRight } from '@tabler/icons-react';
import { Fragment } from 'react';
import type { ReactNode } from 'react';
import type { PlannedStep, Risk } from '../../shared/plan/planned-step.js';
import { formatDuration } from '../../shared/metrics/format-duration.js';
import { Command } from '../ui/command.js';
import { DataTable } from '../ui/data-table.js';
import { StatusWord } from '../ui/status-word.js';
import type { Tone } from '../ui/status-word.js';
import { planRows, riskWords, undoWord } from './plan-rows.js';
import type { PlanRow } from './plan-rows.js';
import classes from './plan-table.module.css';

const headings = [
  { text: 'Step' },
  { text: 'Title', isHidden: true },
  { text: 'Where' },
  { text: 'Risk' },
  { text: 'Estimate', align: 'right' as const },
  { text: 'Can be undone' },
];

const riskTones = { read: 'dim', change: 'warn', destroy: 'bad' } as const satisfies Record<
  Risk,
  Tone
>;

type Disclosure = {
  readonly open: ReadonlySet<string>;
  readonly onToggle: (stepId: string) => void;
  readonly onCopy: (text: string) => Promise<void>;
};

/** Every step in the order it will run, what is approved together, and where the way back ends. */
export function PlanTable({
  steps,
  ...disclosure
}: { readonly steps: readonly PlannedStep[] } & Disclosure): ReactNode {
  return (
    <DataTable label="Plan" headings={headings}>
      <tbody>
        {planRows(steps).map((row) => (
          <Line
            key={`${row.kind}-${row.kind === 'unit' ? row.unit : row.step.id}`}
            row={row}
            {...disclosure}
          />
        ))}
      </tbody>
    </DataTable>
  );
}

function Line({ row, ...disclosure }: { readonly row: PlanRow } & Disclosure): ReactNode {
  switch (row.kind) {
    case 'unit':
      return (
        <tr className={classes['heading']}>
          <td colSpan={headings.length}>
            <b>{row.unit}</b> · {row.steps.length} steps, approved once, nobody waits in between
          </td>
        </tr>
      );
    case 'phase':
      return (
        <tr className={classes['heading']}>
          <td colSpan={headings.length}>
            <b>{row.phase}</b>
          </td>
        </tr>
      );
    case 'point-of-no-return':
      return (
        <tr className={classes['line']}>
          <td colSpan={headings.length}>Point of no return: what follows cannot be undone</td>
        </tr>
      );
    case 'step':
      return <StepLine row={row} {...disclosure} />;
  }
}

function StepLine({
  row: { step, number, isInUnit },
  open,
  onToggle,
  onCopy,
}: { readonly row: Extract<PlanRow, { kind: 'step' }> } & Disclosure): ReactNode {
  const isOpen = open.has(step.id);
  const undo = undoWord(step);
  return (
    <Fragment>
      <tr className={classes['step']} data-is-in-unit={isInUnit}>
        <td className={classes['number']}>{number}</td>
        <td className={classes['wide']}>
          <button
            type="button"
            className={classes['disclose']}
            aria-expanded={isOpen}
            onClick={() => {
              onToggle(step.id);
            }}
          >
            <IconChevronRight size={14} aria-hidden />
            <span>
              {step.title} <span className={classes['summary']}>· {step.summary}</span>
            </span>
          </button>
        </td>
        <td>{step.where}</td>
        <td>
          <StatusWord tone={riskTones[step.risk]}>{riskWords[step.risk]}</StatusWord>
        </td>
        <td data-align="right">{formatDuration(step.estimateSeconds)}</td>
        <td>{undo === 'no' ? <StatusWord tone="bad">no</StatusWord> : undo}</td>
      </tr>
      {isOpen ? (
        <tr className={classes['details']}>
          <td colSpan={headings.length}>
            {step.commands.length === 0 ? (
              <div className={classes['undo']}>By hand: there is no command for this.</div>
            ) : (
              <Command lines={step.commands} onCopy={onCopy} />
            )}
            {step.undoText === null ? null : (
              <div className={classes['undo']}>Undo: {step.undoText}</div>
            )}
          </td>
        </tr>
      ) : null}
    </Fragment>
  );
}
