import type { ReactNode } from 'react';
import { drillChecklist } from '../../shared/drill/checklist.js';
import type { DrillLine } from '../../shared/drill/checklist.js';
import type { RunState } from '../../shared/run/state.js';
import { Card } from '../ui/card.js';
import { KeyHint } from '../ui/key-hint.js';
import classes from './drill-card.module.css';

export const DRILL_LIST = 'drill-checklist';

/** What a drill must have shown. The run ticks what it proves; the rest is said by a person. */
export function DrillCard({
  run,
  onTick,
}: {
  readonly run: RunState;
  readonly onTick: (itemId: string, isTicked: boolean) => void;
}): ReactNode {
  const lines = drillChecklist(run);
  const ticked = lines.filter(({ isTicked }) => isTicked).length;
  return (
    <Card
      title={`Drill checklist: ${ticked} of ${lines.length}`}
      aside={
        <>
          <KeyHint name="D" /> <KeyHint name="Space" /> tick
        </>
      }
    >
      <ul className={classes['list']} id={DRILL_LIST}>
        {lines.map((line) => (
          <li key={line.id}>
            <label>
              <input
                type="checkbox"
                checked={line.isTicked}
                onChange={(event) => {
                  onTick(line.id, event.currentTarget.checked);
                }}
                onKeyDown={(event) => {
                  // Enter means nothing to a box: it is left to the screen's one next action.
                  if (event.key === 'Enter') {
                    event.currentTarget.blur();
                  }
                }}
              />
              <span>{line.text}</span>
              <span className={classes['evidence']}>{evidenceText(line)}</span>
            </label>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function evidenceText({ by, evidence, isTicked }: DrillLine): string {
  if (by === null) {
    return 'not shown by the run; for a person to say';
  }
  if (by === 'console') {
    return `shown by the run: ${evidence}`;
  }
  const who = `${isTicked ? 'ticked' : 'not ticked'} by ${by}`;
  return evidence === '' ? who : `${who}; the run shows: ${evidence}`;
}
