import { z } from 'zod';
import { AppError } from '../../../shared/errors/app-error.js';
import { shellQuote } from '../../steps/shell-quote.js';
import type { HostLockOwner, HostLockPlace, HostLocks } from '../host-types.js';
import { oneLine } from './one-line.js';
import type { ScriptRunner } from './script-runner.js';
import type { Talk } from './shell-talk.js';

const Owner = z.strictObject({
  operator: z.string(),
  console: z.string(),
  runId: z.string(),
  since: z.string(),
  epoch: z.int(),
  headHash: z.string(),
});

const plainName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/u;
const maxOwnerBytes = 8 * 1024;

/**
 * One folder per service and environment: `held/` (made by `mkdir`, so one only) with `owner`, and `history`. A console
 * enters `held` before it writes there: where somebody breaks the lock meanwhile, it writes into what was moved away.
 *
 * It lies where every account of the host can write, so that operators with different logins and rights meet. Nothing is
 * written there through a link: what another account may have laid in the way must lead nobody's writing elsewhere.
 */
const functions = `lg_root=/var/tmp/lastgood-locks
lg_make() {
  umask 000
  mkdir "$lg_root" 2>/dev/null
  mkdir -p "$lg_folder" || return
  lg_enter
}
lg_enter() {
  [ ! -h "$lg_root" ] && cd "$lg_folder" 2>/dev/null && [ "$(pwd -P)" = "$(cd -P /var/tmp && pwd)/\${lg_folder#/var/tmp/}" ]
}
lg_show() {
  [ -d held ] || { lg_say free; return; }
  lg_say held
  cat held/owner 2>/dev/null
  return 0
}
lg_mine() {
  lg_has=
  { IFS= read -r lg_has <run; } 2>/dev/null
  [ "$lg_has" = "$lg_run" ]
}
lg_write() {
  if [ -e "owner.$$" ] || [ -h "owner.$$" ]; then rm -f "owner.$$" || return; fi
  ( set -C; printf %s "$lg_owner" >"owner.$$" ) && mv -f "owner.$$" owner
}
lg_note() { [ ! -h history ] && printf '%s\\n' "$1" >>history; }
`;

/** The lock of an environment on its host. Every verb is one round trip. */
export class HostLock implements HostLocks {
  readonly #runner: ScriptRunner;
  readonly #host: string;

  constructor(runner: ScriptRunner, host: string) {
    this.#runner = runner;
    this.#host = host;
  }

  async lock(place: HostLockPlace, owner: HostLockOwner, signal: AbortSignal): Promise<void> {
    const said = await this.#talk(
      place,
      `lg_make || lg_make || return 1
  lg_run=${shellQuote(owner.runId)}
  lg_owner=${shellQuote(JSON.stringify(owner))}
  if mkdir held 2>/dev/null; then
    cd held && ( set -C; printf %s "$lg_run" >run ) && lg_write && lg_say done && return
    rm -rf "$lg_folder/held"
    return 1
  fi
  ( cd held 2>/dev/null && lg_mine && lg_write ) && { lg_say done; return; }
  lg_show`,
      signal,
    );
    if (said.word !== 'done') {
      throw this.#heldBy(said.owner);
    }
  }

  async readLock(place: HostLockPlace, signal: AbortSignal): Promise<HostLockOwner | null> {
    const script = 'lg_enter || { lg_say free; return 0; }\n  lg_show';
    const { word, owner } = await this.#talk(place, script, signal);
    return word === 'free' ? null : (owner ?? unknownOwner);
  }

  async refreshLock(
    place: HostLockPlace,
    owner: HostLockOwner,
    signal: AbortSignal,
  ): Promise<void> {
    const said = await this.#talk(
      place,
      `lg_run=${shellQuote(owner.runId)}
  lg_owner=${shellQuote(JSON.stringify(owner))}
  lg_enter || { lg_say free; return 0; }
  if cd held 2>/dev/null && lg_mine; then lg_write && lg_say done; return; fi
  cd "$lg_folder" && lg_show`,
      signal,
    );
    if (said.word !== 'done') {
      throw this.#lost(said.owner);
    }
  }

  async unlock(place: HostLockPlace, runId: string, signal: AbortSignal): Promise<void> {
    const said = await this.#talk(
      place,
      `lg_run=${shellQuote(runId)}
  lg_enter && [ -d held ] || { lg_say free; return 0; }
  if ( cd held && lg_mine ); then
    mv held "gone.$$" && rm -rf "gone.$$" && lg_say done
    cd / && [ -e "$lg_folder/history" ] || rmdir "$lg_folder" "$lg_root" 2>/dev/null
    return 0
  fi
  lg_show`,
      signal,
    );
    if (said.word === 'held') {
      throw this.#lost(said.owner);
    }
  }

  async breakLock(
    place: HostLockPlace,
    broken: {
      readonly runId: string;
      readonly by: string;
      readonly at: string;
      readonly reason: string;
    },
    signal: AbortSignal,
  ): Promise<void> {
    if (broken.reason.trim() === '') {
      throw new AppError('HOST_LOCK_FAILED', 'A lock is broken only with a reason.');
    }
    const { runId, ...rest } = broken;
    const said = await this.#talk(
      place,
      `lg_run=${shellQuote(runId)}
  lg_enter && [ -d held ] || { lg_say free; return 0; }
  if ( cd held && lg_mine ) || { [ -z "$lg_run" ] && [ ! -s held/run ]; }; then
    lg_note ${shellQuote(JSON.stringify({ broken: runId, ...rest }))} || return 1
    mv held "gone.$$" && rm -rf "gone.$$" && lg_say done
    return
  fi
  lg_show`,
      signal,
    );
    if (said.word === 'held') {
      throw this.#heldBy(said.owner);
    }
  }

  async #talk(
    { service, environment, as }: HostLockPlace,
    body: string,
    signal: AbortSignal,
  ): Promise<{ readonly word: string; readonly owner: HostLockOwner | null }> {
    if (!plainName.test(service) || !plainName.test(environment)) {
      throw new AppError('HOST_LOCK_FAILED', 'The names of service and environment do not fit.');
    }
    let word = '';
    let said = '';
    let words = '';
    const talk: Talk = {
      script: `${functions}lg_main() {
  umask 000
  lg_folder=$lg_root/${shellQuote(`${service}-${environment}`)}
  ${body}
}
`,
      onRecord: ([verb = '']) => {
        word = verb;
      },
      onStdout: (bytes) => {
        said = (said + bytes.toString('utf8')).slice(0, maxOwnerBytes);
      },
      onStderr: (bytes) => {
        words = (words + bytes.toString('utf8')).slice(0, maxOwnerBytes);
      },
    };
    const exitCode = await this.#runner.run(talk, as, signal);
    if (exitCode !== 0 || word === '') {
      throw new AppError('HOST_LOCK_FAILED', `The lock on ${this.#host}: ${oneLine(words)}`);
    }
    return { word, owner: readOwner(said) };
  }

  #heldBy(owner: HostLockOwner | null): AppError {
    return new AppError('HOST_LOCKED', `${this.#host} is locked by ${inWords(owner)}.`);
  }

  #lost(owner: HostLockOwner | null): AppError {
    const now = owner === null ? 'nobody holds it' : `it is held by ${inWords(owner)}`;
    return new AppError('HOST_LOCK_LOST', `The lock on ${this.#host} is not this run's: ${now}.`);
  }
}

/** A lock that was taken and never signed: its console or its host ended in that moment. */
const unknownOwner: HostLockOwner = {
  operator: 'unknown',
  console: 'unknown',
  runId: '',
  since: '',
  epoch: 0,
  headHash: '',
};

function readOwner(text: string): HostLockOwner | null {
  try {
    return Owner.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

const inWords = (owner: HostLockOwner | null): string =>
  owner === null
    ? 'a console that has not signed yet'
    : oneLine(
        `${owner.operator} on ${owner.console} (run ${owner.runId}, since ${owner.since}, console ${owner.epoch + 1})`,
      );
