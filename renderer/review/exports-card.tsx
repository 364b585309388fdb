import type { ReactNode } from 'react';
import { Fragment } from 'react';
import { Card } from '../ui/card.js';
import { KeyHint } from '../ui/key-hint.js';
import classes from './exports-card.module.css';

export type ReportFormat = 'markdown' | 'json';
export type Written = Readonly<Partial<Record<ReportFormat, string>>>;

const rows = [
  { format: 'markdown', title: 'Markdown', key: 'M' },
  { format: 'json', title: 'JSON', key: 'J' },
] as const satisfies readonly { format: ReportFormat; title: string; key: string }[];

/** The report as a file: where it was written, and the way there. */
export function ExportsCard({
  written,
  onReveal,
}: {
  readonly written: Written;
  readonly onReveal: (format: ReportFormat) => void;
}): ReactNode {
  return (
    <Card title="Report" aside="no phone numbers, no secrets">
      <div className={classes['list']}>
        {rows.map(({ format, title, key }) => {
          const path = written[format];
          return (
            <Fragment key={format}>
              <span>
                <KeyHint name={key} /> {title}
              </span>
              {path === undefined ? (
                <span className={classes['dim']}>not written yet</span>
              ) : (
                <code>{path}</code>
              )}
              {path === undefined ? (
                <span />
              ) : (
                <button
                  type="button"
                  onClick={() => {
                    onReveal(format);
                  }}
                >
                  show the file
                </button>
              )}
            </Fragment>
          );
        })}
      </div>
    </Card>
  );
}
