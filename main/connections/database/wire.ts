import type { DatabaseRow } from '../database-types.js';

export type WireResult = { readonly command: string; readonly rows: readonly DatabaseRow[] };

/** One session with a server, as the library gives it: errors are the library's own. */
export interface WireSession {
  /** The process that the server's greeting named. */
  readonly greetedBy: number | null;
  readonly isOver: boolean;
  readonly ended: Promise<void>;
  /** One result per statement; with values the server takes one statement only. */
  query(statement: {
    readonly sql: string;
    readonly values?: readonly (string | null)[];
  }): Promise<readonly WireResult[]>;
  close(): void;
  destroy(): void;
}
