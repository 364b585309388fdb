import {
  IconAlertTriangle,
  IconCheck,
  IconCircle,
  IconCircleDashed,
  IconPlayerPlay,
  IconQuestionMark,
  IconX,
} from '@tabler/icons-react';
import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './status-word.module.css';

export type Tone = 'ok' | 'warn' | 'bad' | 'accent' | 'dim';
export type StatusSign = 'done' | 'wrong' | 'warning' | 'unknown' | 'running' | 'waiting' | 'none';

const signs = {
  done: IconCheck,
  wrong: IconX,
  warning: IconAlertTriangle,
  unknown: IconQuestionMark,
  running: IconPlayerPlay,
  waiting: IconCircle,
  none: IconCircleDashed,
} as const satisfies Record<StatusSign, Icon>;

/** A state: the word first, then the colour, then the sign. Never one without the word. */
export function StatusWord({
  tone,
  sign,
  children,
}: {
  readonly tone: Tone;
  readonly sign?: StatusSign;
  readonly children: ReactNode;
}): ReactNode {
  const Sign = sign === undefined ? null : signs[sign];
  return (
    <span className={classes['word']} data-tone={tone}>
      {Sign === null ? null : <Sign size={14} stroke={2.2} aria-hidden />}
      {children}
    </span>
  );
}

/** The same in a box: for lists and headers. */
export function Tag({
  tone,
  children,
}: {
  readonly tone: Tone;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <span className={classes['tag']} data-tone={tone}>
      {children}
    </span>
  );
}
