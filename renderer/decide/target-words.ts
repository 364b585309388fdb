import type { Target } from '../../shared/plan/target.js';
import type { TargetSource } from '../../shared/runbook/targets-schema.js';
import { shortId } from './target-facts.js';

/** How versions are spoken of, by where they are looked for. */
export type TargetWords = {
  /** "on the engine": completes "looking …". */
  readonly where: string;
  /** The heading above what pins a version. */
  readonly pinned: string;
  readonly pinOf: (target: Target) => string;
  /** What to do when there is none to go back to. */
  readonly makeOne: string;
};

export function targetWords(source: TargetSource): TargetWords {
  switch (source.kind) {
    case 'docker.images':
      return {
        where: 'on the engine',
        pinned: 'Image',
        pinOf: ({ id }) => shortId(id),
        makeOne: 'Pull or build the image to go back to there, then look again.',
      };
    case 'swarm.previous':
      return {
        where: 'on the swarm’s manager',
        pinned: 'Specification',
        pinOf: ({ id }) => id.replace(/^spec:/, '').slice(0, 12),
        makeOne:
          'The engine keeps none from before: put the version you want back as an update by hand.',
      };
    case 'host.releases':
      return {
        where: `on ${source.host}`,
        pinned: 'Folder',
        pinOf: ({ id }) => id,
        makeOne: 'Put a complete release into the folder there, then look again.',
      };
    case 'git.commits':
      return {
        where: `in the repository on ${source.host}`,
        pinned: 'Commit',
        pinOf: ({ id }) => id.slice(0, 10),
        makeOne: 'Fetch the commit to go back to there, then look again.',
      };
    case 'postgres.backups':
      return {
        where: `in the backups of ${source.database}`,
        pinned: 'File',
        pinOf: ({ id }) => id,
        makeOne: 'Put a backup made by pg_dump -Fc into the folder there, then look again.',
      };
    case 'postgres.migrations':
      return {
        where: `in the migrations of ${source.database}`,
        pinned: 'Migration',
        pinOf: ({ id }) => id,
        makeOne: 'Put the down-migrations into the folder there, then look again.',
      };
  }
}

/** Who made it and what it says of itself, in one line; empty where nothing is on record. */
export function saidOf({ author = '', subject = '' }: Target): string {
  return [author, subject].filter((text) => text !== '').join(': ');
}
