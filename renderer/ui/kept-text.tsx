import { Textarea } from '@mantine/core';
import { useEffect, useEffectEvent, useState } from 'react';
import type { ReactNode } from 'react';

const IDLE_MS = 1_500;

/**
 * A text that is kept when its field is left, when typing rests, and when the screen is left in the middle of
 * a word: what an operator wrote is never lost.
 */
export function KeptText({
  id,
  label,
  description,
  placeholder,
  value,
  rows,
  maxLength,
  isMonospaced,
  onKeep,
}: {
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  readonly placeholder?: string;
  readonly value: string;
  readonly rows: number;
  readonly maxLength: number;
  readonly isMonospaced?: boolean;
  readonly onKeep: (text: string) => void;
}): ReactNode {
  const { typed, setTyped, leave } = useKept(value, onKeep);
  return (
    <Textarea
      id={id}
      label={label}
      description={description}
      placeholder={placeholder}
      size="sm"
      autosize
      minRows={rows}
      maxRows={14}
      maxLength={maxLength}
      styles={
        isMonospaced === true ? { input: { fontFamily: 'var(--lg-mono)', fontSize: 12.5 } } : {}
      }
      value={typed ?? value}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
      }}
      onBlur={leave}
      onKeyDown={(event) => {
        if (event.key === 'Escape') {
          event.preventDefault();
          event.currentTarget.blur();
        }
      }}
    />
  );
}

type Kept = {
  /** What was typed and not kept yet; null while the kept text stands. */
  readonly typed: string | null;
  readonly setTyped: (text: string) => void;
  readonly leave: () => void;
};

function useKept(value: string, onKeep: (text: string) => void): Kept {
  const [typed, setTyped] = useState<string | null>(null);
  const keep = useEffectEvent(() => {
    if (typed !== null && typed !== value) {
      onKeep(typed);
    }
  });
  useEffect(() => {
    if (typed === null) {
      return undefined;
    }
    const timer = setTimeout(() => {
      keep();
    }, IDLE_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [typed]);
  useEffect(
    () => () => {
      keep();
    },
    [],
  );
  const leave = (): void => {
    if (typed !== null && typed !== value) {
      onKeep(typed);
    }
    setTyped(null);
  };
  return { typed, setTyped, leave };
}
