import { createHash, randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { AppError } from '../../shared/errors/app-error.js';
import { describeOwner } from '../../shared/run/owner-words.js';
import type { RunOwner } from '../../shared/run/run-owner.js';
import { errnoOf, writeFailed } from './disk-error.js';
import { ProcessIdentity, standingOf, thisProcess } from './process-identity.js';

const Claim = z.strictObject({
  v: z.literal(1),
  nonce: z.string().regex(/^[0-9a-f-]{1,64}$/),
  session: z.uuid(),
  since: z.iso.datetime(),
  process: ProcessIdentity,
});
type Claim = z.infer<typeof Claim>;

/** A file that says who is at work, so that two processes never drive the same thing. */
export type RunLock = {
  /** Whom it was taken over from, when that process ended without letting go. */
  readonly takenFrom: RunOwner | null;
  readonly release: () => Promise<void>;
};

/** RUN_LOCKED names the owner; JOURNAL_WRITE_FAILED when the disk refuses the file. */
export async function takeLock(file: string, session: string): Promise<RunLock> {
  try {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    const result = await acquire(file, session);
    if ('heldBy' in result) {
      const hint = result.heldBy.isElsewhere
        ? ` It cannot be seen from here; if it is gone for good, delete ${file}.`
        : '';
      throw new AppError('RUN_LOCKED', `Held by ${describeOwner(result.heldBy)}.${hint}`);
    }
    return result;
  } catch (thrown) {
    throw writeFailed('The lock cannot be taken', thrown);
  }
}

/** Who holds it now; null when nobody does, or only a process that is gone. Reads only. */
export async function ownerOf(file: string): Promise<RunOwner | null> {
  const claim = await readClaim(file);
  const standing = claim === null ? 'gone' : standingOfClaim(claim);
  return claim === null || standing === 'gone' ? null : ownerIn(claim, standing === 'elsewhere');
}

type Acquired = RunLock | { readonly heldBy: RunOwner };

/**
 * A stale lock is replaced only by whoever holds the guard named after that very claim, and only while it still
 * stands: of two consoles that find the same stale lock, the slower one finds the faster one's claim.
 */
async function acquire(file: string, session: string): Promise<Acquired> {
  const mine = newClaim(session);
  for (;;) {
    if (await createWhole(file, mine)) {
      return held(file, mine, null);
    }
    const found = await readClaim(file);
    if (found === null) {
      continue;
    }
    const standing = standingOfClaim(found);
    if (standing !== 'gone') {
      return { heldBy: ownerIn(found, standing === 'elsewhere') };
    }
    const guard = await acquire(`${file}.after-${found.nonce}`, session);
    if ('heldBy' in guard) {
      return guard;
    }
    try {
      if ((await readClaim(file))?.nonce === found.nonce) {
        await withDraft(file, mine, (draft) => rename(draft, file));
        return held(file, mine, ownerIn(found, false));
      }
    } finally {
      await guard.release();
    }
  }
}

function held(file: string, mine: Claim, takenFrom: RunOwner | null): RunLock {
  return {
    takenFrom,
    release: async () => {
      if ((await readClaim(file).catch(() => null))?.nonce === mine.nonce) {
        // A disk that has become read-only keeps the file; with this process gone it counts for nothing.
        await rm(file, { force: true }).catch(() => undefined);
      }
    },
  };
}

function newClaim(session: string): Claim {
  const since = new Date().toISOString();
  return { v: 1, nonce: randomUUID(), session, since, process: thisProcess() };
}

/** What somebody without a readable claim left behind: nobody alive writes such a thing. */
function unreadableClaim(text: string): Claim {
  const nonce = createHash('sha256').update(text).digest('hex').slice(0, 32);
  const nobody = { pid: 1, startTime: null, bootId: null, pidSpace: null, hostname: '', user: '' };
  const since = new Date(0).toISOString();
  return { v: 1, nonce, session: nobodysSession, since, process: nobody };
}

const nobodysSession = '00000000-0000-4000-8000-000000000000';

function standingOfClaim(claim: Claim): ReturnType<typeof standingOf> {
  return claim.session === nobodysSession ? 'gone' : standingOf(claim.process);
}

function ownerIn(
  { process: { pid, hostname, user }, since }: Claim,
  isElsewhere: boolean,
): RunOwner {
  return { pid, hostname, user, since, isElsewhere };
}

const LOOKS = 20;
const LOOK_AGAIN_MS = 50;

/** Null when there is no such file. Where a file system has no links, one that is being written is waited for. */
async function readClaim(file: string): Promise<Claim | null> {
  for (let look = 1; ; look += 1) {
    const text = await readFile(file, 'utf8').catch((thrown: unknown) => {
      if (errnoOf(thrown) === 'ENOENT') {
        return null;
      }
      throw thrown;
    });
    if (text === null) {
      return null;
    }
    const claim = parseClaim(text);
    if (claim !== null) {
      return claim;
    }
    if (look === LOOKS) {
      return unreadableClaim(text);
    }
    await sleep(LOOK_AGAIN_MS);
  }
}

function parseClaim(text: string): Claim | null {
  try {
    return Claim.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** False when there is a file already. It appears with its whole content or not at all. */
async function createWhole(file: string, claim: Claim): Promise<boolean> {
  try {
    await withDraft(file, claim, async (draft) => {
      await link(draft, file).catch(async (thrown: unknown) => {
        if (!hasNoLinks.has(errnoOf(thrown) ?? '')) {
          throw thrown;
        }
        await writeNew(file, claim);
      });
    });
    return true;
  } catch (thrown) {
    if (errnoOf(thrown) === 'EEXIST') {
      return false;
    }
    throw thrown;
  }
}

const hasNoLinks: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

async function withDraft(
  file: string,
  claim: Claim,
  use: (draft: string) => Promise<void>,
): Promise<void> {
  const draft = `${file}.${randomUUID()}.tmp`;
  try {
    await writeNew(draft, claim);
    await use(draft);
  } finally {
    await rm(draft, { force: true }).catch(() => undefined);
  }
}

async function writeNew(file: string, claim: Claim): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    // Not synced: after a power cut every lock is stale, whatever is left of it.
    await handle.writeFile(`${JSON.stringify(claim)}\n`);
  } finally {
    await handle.close();
  }
}
