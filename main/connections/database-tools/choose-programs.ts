import type { ToolName, ToolProgram } from '../database-types.js';

/** The three programs of one installation. */
export type ProgramSet = Readonly<Record<ToolName, ToolProgram>>;

export type Choice =
  | { readonly programs: ProgramSet; readonly reason: string }
  | { readonly problem: 'missing' | 'too-old'; readonly text: string };

/**
 * A pg_dump older than the server refuses it; one that is newer writes settings that the server may not know, which a
 * restore that ends at the first error would die of. So the nearest version from the server's on is taken.
 */
export function choosePrograms(found: readonly ProgramSet[], serverMajor: number): Choice {
  const major = (set: ProgramSet): number =>
    Math.min(set.pg_dump.major, set.pg_restore.major, set.psql.major);
  const fitting = found
    .filter((set) => major(set) >= serverMajor)
    .sort((left, right) => major(left) - major(right) || newerFirst(left, right));
  const [best] = fitting;
  if (best !== undefined) {
    const version = best.pg_dump.version;
    const others = found.filter((set) => set !== best).map((set) => set.pg_dump.version);
    const beside = others.length === 0 ? '' : `; also there: ${[...new Set(others)].join(', ')}`;
    const why =
      major(best) === serverMajor
        ? `of the server’s own version ${String(serverMajor)}`
        : `the nearest to the server’s version ${String(serverMajor)}`;
    return { programs: best, reason: `pg_dump ${version} (${best.pg_dump.path}), ${why}${beside}` };
  }
  if (found.length === 0) {
    return { problem: 'missing', text: 'no pg_dump, pg_restore and psql' };
  }
  const versions = found.map((set) => `${set.pg_dump.version} (${set.pg_dump.path})`).join(', ');
  return { problem: 'too-old', text: `only ${versions}, but the server is ${String(serverMajor)}` };
}

function newerFirst(left: ProgramSet, right: ProgramSet): number {
  return right.pg_dump.version.localeCompare(left.pg_dump.version, 'en', { numeric: true });
}

/** 150008 is of 15. */
export const majorOf = (serverVersion: number): number => Math.floor(serverVersion / 10_000);
