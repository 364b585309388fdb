import { z } from 'zod';
import { RunId } from './events.js';

export const HANDOVER_FORMAT = 'lastgood-handover';

/** A journal of this size has run for weeks; a bigger file is a mistake or an attack, and is not read at all. */
export const HANDOVER_MAX_BYTES = 64 * 1_024 * 1_024;

/**
 * A run in progress as one file. Everything beside `journal` is there for people and for a first check: it is
 * derived from the journal again when the file is read, and must be the same.
 */
export const HandoverFile = z.strictObject({
  format: z.literal(HANDOVER_FORMAT),
  v: z.literal(1),
  handoverId: z.uuid(),
  runId: RunId,
  service: z.string(),
  environment: z.string(),
  to: z.string(),
  by: z.string(),
  at: z.iso.datetime(),
  /** SHA-256 of the journal's last line, in hex: shows whether the end was cut or rewritten. */
  headHash: z.string().regex(/^[0-9a-f]{64}$/),
  /** Lines of the journal. */
  records: z.int().positive(),
  /** The journal's exact bytes as text; its last record is the hand-over itself. */
  journal: z.string(),
});
export type HandoverFile = z.infer<typeof HandoverFile>;

/** What a foreign file lacks and a newer one has more of; read before the rest. */
export const HandoverHeader = z.looseObject({ format: z.literal(HANDOVER_FORMAT), v: z.int() });

/** `lastgood-parcel-tracker-7f3a0000.handover.json`: the service's name is kept to what every disk takes. */
export function handoverFileName(service: string, runId: RunId): string {
  return `${plainName(service, runId)}.handover.json`;
}

/** `lastgood-parcel-tracker-7f3a0000.journal.jsonl`: a closed run on its way back to where it came from. */
export function closedRunFileName(service: string, runId: RunId): string {
  return `${plainName(service, runId)}.journal.jsonl`;
}

function plainName(service: string, runId: RunId): string {
  const plain = service.replace(/[^A-Za-z0-9._-]+/g, '-').slice(0, 80);
  return `lastgood-${plain}-${runId.slice(0, 8)}`;
}
