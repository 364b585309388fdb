import { readFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { z } from 'zod';
import { isPackedState, unpackState } from '../../shared/run/pack-state.js';
import type { PackedState } from '../../shared/run/pack-state.js';
import type { RunState } from '../../shared/run/state.js';
import { writeFileAtomically } from '../storage/atomic-file.js';

/** Beside the journal; deleting it loses nothing but time. */
export function checkpointOf(journal: string): string {
  return journal.replace(/[^/\\]+$/, 'checkpoint.json');
}

/**
 * The folded state of a journal's first bytes. It saves reading them line by line, never checking them: their hash
 * is compared at once, the lines and the chain are gone through behind it.
 */
const CheckpointFile = z.strictObject({
  v: z.literal(2),
  /** Another version may fold the same records differently, so its state is not taken. */
  appVersion: z.string(),
  bytes: z.int().positive(),
  count: z.int().positive(),
  head: z.string().regex(/^[0-9a-f]{64}$/),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  writtenAt: z.iso.datetime(),
  // Read back only where the version is our own and the journal's bytes are those it was folded from.
  state: z.custom<PackedState>(isPackedState),
});
type CheckpointFile = z.infer<typeof CheckpointFile>;
export type Checkpoint = Omit<CheckpointFile, 'state'> & { readonly state: RunState };

/** Null when there is none that can be used. */
export async function readCheckpoint(journal: string): Promise<Checkpoint | null> {
  try {
    const text = await readFile(checkpointOf(journal), 'utf8');
    const { state, ...rest } = CheckpointFile.parse(JSON.parse(text));
    return { ...rest, state: unpackState(state) };
  } catch {
    return null;
  }
}

export async function writeCheckpoint(
  journal: string,
  at: Omit<CheckpointFile, 'v' | 'sha256' | 'writtenAt'> & { readonly hash: Hash },
): Promise<void> {
  const { hash, state, ...place } = at;
  const checkpoint: CheckpointFile = {
    v: 2,
    ...place,
    sha256: hash.copy().digest('hex'),
    writtenAt: new Date().toISOString(),
    state,
  };
  await writeFileAtomically(checkpointOf(journal), JSON.stringify(checkpoint));
}

/** The running hash of the bytes that the checkpoint speaks of; null when they are not those it was written for. */
export function hashOfPrefix(bytes: Buffer, { bytes: size, sha256 }: Checkpoint): Hash | null {
  if (bytes.length < size) {
    return null;
  }
  const hash = createHash('sha256').update(bytes.subarray(0, size));
  return hash.copy().digest('hex') === sha256 ? hash : null;
}
