import { createHash } from 'node:crypto';
import type { ImageRecord } from './world.js';

/** One line of the engine's answer to a pull, and how long it takes until then. */
export type PullLine = { readonly afterMs: number; readonly line: object };

const LAYERS = [0.15, 0.55, 0.3] as const;
const PIECES = 3;
const PIECE_MS = 90;

/** Layer after layer, as the engine tells it. Nothing is written where the engine has the image. */
export function pullLines(image: ImageRecord): readonly PullLine[] {
  const layers = LAYERS.map((share, index) => ({
    id: createHash('sha256').update(`layer ${image.id} ${index}`).digest('hex').slice(0, 12),
    total: Math.round(image.sizeBytes * share),
  }));
  return [
    ...layers.map(({ id }) => said('Pulling fs layer', id, 0)),
    ...layers.flatMap(({ id, total }) => [
      ...pieces('Downloading', id, total),
      said('Verifying Checksum', id, 0),
      said('Download complete', id, 0),
    ]),
    ...layers.flatMap(({ id, total }) => [
      ...pieces('Extracting', id, total),
      said('Pull complete', id, 0),
    ]),
  ];
}

function said(status: string, id: string, afterMs: number): PullLine {
  return { afterMs, line: { status, progressDetail: {}, id } };
}

function pieces(status: string, id: string, total: number): readonly PullLine[] {
  return Array.from({ length: PIECES }, (_, index) => {
    const current = Math.round((total * (index + 1)) / PIECES);
    const line = { status, progressDetail: { current, total }, progress: bar(current, total), id };
    return { afterMs: PIECE_MS, line };
  });
}

function bar(current: number, total: number): string {
  const filled = Math.round((50 * current) / total);
  const arrow = filled === 50 ? '=' : '';
  return `[${'='.repeat(Math.max(0, filled - 1))}${arrow}>${' '.repeat(50 - filled)}]  ${inMegabytes(current)}/${inMegabytes(total)}`;
}

function inMegabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toPrecision(4)}MB`;
}
