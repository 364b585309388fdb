import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Verdict } from '../../shared/decision/verdict.js';
import { HiddenWords } from '../ui/data-table.js';
import { adviceTone, verdictParts } from './verdict-parts.js';
import classes from './verdict-line.module.css';

/** What the evidence says to do, why, and what in it does not agree with itself. */
export function VerdictLine({ verdict }: { readonly verdict: Verdict }): ReactNode {
  const { heading, reasons } = verdictParts(verdict);
  return (
    <section
      className={classes['verdict']}
      data-tone={adviceTone[verdict.advice]}
      aria-live="polite"
    >
      <h1>{heading}</h1>
      <p>{reasons}</p>
      {verdict.contradictions.length === 0 ? null : (
        <ul className={classes['contradictions']}>
          {verdict.contradictions.map((text) => (
            <li key={text}>
              <IconAlertTriangle size={15} aria-hidden />
              <span>
                <HiddenWords>Contradiction: </HiddenWords>
                {text}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
