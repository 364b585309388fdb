import type { ReactNode } from 'react';
import type { Suggestion } from '../../shared/plan/suggest-target.js';
import type { Target } from '../../shared/plan/target.js';
import { Age } from '../ui/age.js';
import { DataTable } from '../ui/data-table.js';
import { Tag } from '../ui/status-word.js';
import { movingNames, otherNames, sizeText } from './target-facts.js';
import { saidOf } from './target-words.js';
import type { TargetWords } from './target-words.js';
import classes from './target-table.module.css';

export const TARGET_FIELD = 'target';

const headingsFor = ({ pinned }: TargetWords) => [
  { text: 'Version' },
  { text: 'Made' },
  { text: pinned },
  { text: 'Size', align: 'right' as const },
];

/** What really exists where it would be started. The serving one is listed too, but cannot be chosen. */
export function TargetTable({
  targets,
  words,
  chosenId,
  suggestion,
  onChoose,
}: {
  readonly targets: readonly Target[];
  readonly words: TargetWords;
  readonly chosenId: string | null;
  readonly suggestion: Suggestion | null;
  readonly onChoose: (targetId: string) => void;
}): ReactNode {
  return (
    <DataTable label="Versions found" headings={headingsFor(words)}>
      <tbody>
        {targets.map((target) => (
          <tr
            key={target.id}
            className={classes['row']}
            data-is-chosen={target.id === chosenId}
            data-is-serving={target.isServing}
          >
            <td>
              <Name
                target={target}
                isChosen={target.id === chosenId}
                why={suggestion?.target.id === target.id ? suggestion.why : null}
                onChoose={onChoose}
              />
            </td>
            <td>{target.createdAt === null ? 'not known' : <Age at={target.createdAt} />}</td>
            <td>
              <code>{words.pinOf(target)}</code>
            </td>
            <td data-align="right">{sizeText(target.sizeBytes)}</td>
          </tr>
        ))}
      </tbody>
    </DataTable>
  );
}

function Name({
  target,
  isChosen,
  why,
  onChoose,
}: {
  readonly target: Target;
  readonly isChosen: boolean;
  readonly why: string | null;
  readonly onChoose: (targetId: string) => void;
}): ReactNode {
  const moving = movingNames(target);
  const others = otherNames(target);
  const said = saidOf(target);
  return (
    <>
      <label className={classes['choose']}>
        <input
          type="radio"
          name={TARGET_FIELD}
          checked={isChosen}
          disabled={target.isServing}
          onChange={() => {
            onChoose(target.id);
          }}
          onKeyDown={(event) => {
            // Enter means nothing to a radio: it is left to the screen's one next action.
            if (event.key === 'Enter') {
              event.currentTarget.blur();
            }
          }}
        />
        <b>{target.version}</b>
      </label>
      <span className={classes['tags']}>
        {target.isServing ? <Tag tone="dim">serving now</Tag> : null}
        {why === null ? null : <Tag tone="ok">suggested</Tag>}
        {target.problem === undefined ? null : <Tag tone="warn">{target.problem}</Tag>}
        {moving.map((tag) => (
          <Tag key={tag} tone="warn">{`“${tag}” points here today`}</Tag>
        ))}
        {others.map((tag) => (
          <Tag key={tag} tone="dim">{`also ${tag}`}</Tag>
        ))}
      </span>
      {said === '' ? null : <span className={classes['why']}>{said}</span>}
      {why === null ? null : <span className={classes['why']}>{why}</span>}
    </>
  );
}
