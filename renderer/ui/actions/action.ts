import type { Icon } from '@tabler/icons-react';
import type { Moment } from '../../../shared/run/state.js';

/** One thing the operator can do now. Shown as a button, bound to its key, listed in the palette. */
export type Action = {
  readonly id: string;
  /** Exact words: what it does to what. "Stop tradewizard-monitor", never "OK". */
  readonly label: string;
  /** As written on the keyboard: `Enter`, `S`, `Shift+R`, `Mod+K`, `?`. Null for palette and mouse only. */
  readonly key: string | null;
  readonly tone: 'primary' | 'normal' | 'danger' | 'quiet';
  readonly icon?: Icon;
  /** Why it is not possible now, in words; null or absent when it is. */
  readonly refusal?: string | null;
  /** More words for the palette and the keys help. */
  readonly detail?: string;
  /** False for what is listed and bound, but has its own place on the screen instead of the bar. */
  readonly isInBar?: boolean;
  /** A rejected promise is shown above the bar and stays until dismissed. */
  readonly run: () => Promise<void> | void;
};

/** What a stage offers now. The frame renders it; see `useStageActions`. */
export type StageActions = {
  /** The one next action. Null while something runs or nothing is left to do. */
  readonly primary: Action | null;
  readonly others: readonly Action[];
  /** Stands in the primary's place: what runs, and since when. */
  readonly running?: { readonly label: string; readonly since: Moment | null } | null;
  /** Said at the end of the bar: what follows by itself or what the primary leads to. */
  readonly then?: string;
};

export const noActions: StageActions = { primary: null, others: [] };
