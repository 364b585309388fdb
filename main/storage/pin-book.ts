import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { AppError } from '../../shared/errors/app-error.js';
import { writeFileAtomically } from './atomic-file.js';

const Pin = z.strictObject({
  environment: z.string().min(1),
  host: z.string().min(1),
  /** `SHA256:…` of the host key. */
  fingerprint: z.string().min(1),
  /** Of /etc/machine-id; null where the host has none. */
  machineId: z.string().min(1).nullable(),
  pinnedAt: z.iso.datetime(),
});
type Pin = z.infer<typeof Pin>;

const Pins = z.strictObject({ version: z.literal(1), pins: z.array(Pin) });

export type PinnedIdentity = Pick<Pin, 'fingerprint' | 'machineId'>;

export type PinBookOptions = {
  readonly file: string;
  readonly now: () => Date;
};

/**
 * Which machine stands behind the name of a host in an environment: written down at first use, compared at every later
 * one, so that a name that leads somewhere else is noticed before anything is done there.
 */
export class PinBook {
  readonly #options: PinBookOptions;
  #tail: Promise<unknown> = Promise.resolve();

  constructor(options: PinBookOptions) {
    this.#options = options;
  }

  /**
   * HOST_NOT_THE_SAME when another key or another machine answers; HOST_PINS_UNREADABLE when what was written down
   * cannot be read, DATA_WRITE_FAILED when a first use cannot be: without the book no host is taken for the right one.
   */
  check(environment: string, host: string, found: PinnedIdentity): Promise<'pinned' | 'same'> {
    return this.#inTurn(async () => {
      const pins = await this.#read();
      const pin = pins.find((each) => each.environment === environment && each.host === host);
      if (pin === undefined) {
        const pinnedAt = this.#options.now().toISOString();
        await this.#write([...pins, { environment, host, ...pick(found), pinnedAt }]);
        return 'pinned';
      }
      compare(pin, found);
      // A machine that had no id at first use is known by it from now on.
      if (pin.machineId === null && found.machineId !== null) {
        const { machineId } = found;
        await this.#write(pins.map((each) => (each === pin ? { ...each, machineId } : each)));
      }
      return 'same';
    });
  }

  /** For a machine that was replaced on purpose; the next use pins the new one. False when there was no pin. */
  forget(environment: string, host: string): Promise<boolean> {
    return this.#inTurn(async () => {
      const pins = await this.#read();
      const rest = pins.filter((each) => each.environment !== environment || each.host !== host);
      if (rest.length < pins.length) {
        await this.#write(rest);
      }
      return rest.length < pins.length;
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#tail.then(work);
    this.#tail = done.catch(() => undefined);
    return done;
  }

  async #read(): Promise<readonly Pin[]> {
    const { file } = this.#options;
    try {
      return Pins.parse(JSON.parse(await readFile(file, 'utf8'))).pins;
    } catch (cause) {
      if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') {
        return [];
      }
      throw new AppError('HOST_PINS_UNREADABLE', `${file} is not readable as a list of hosts.`, {
        cause,
      });
    }
  }

  async #write(pins: readonly Pin[]): Promise<void> {
    const text = JSON.stringify({ version: 1, pins }, null, 2);
    await writeFileAtomically(this.#options.file, `${text}\n`);
  }
}

function pick({ fingerprint, machineId }: PinnedIdentity): PinnedIdentity {
  return { fingerprint, machineId };
}

function compare(pin: Pin, found: PinnedIdentity): void {
  const isSameKey = pin.fingerprint === found.fingerprint;
  const isSameMachine = pin.machineId === null || pin.machineId === found.machineId;
  if (!isSameKey || !isSameMachine) {
    throw new AppError(
      'HOST_NOT_THE_SAME',
      `${pin.host} of ${pin.environment} was ${describe(pin)} (pinned ${pin.pinnedAt}); now ${describe(found)} answers.`,
    );
  }
}

function describe({ fingerprint, machineId }: PinnedIdentity): string {
  return `key ${fingerprint}, machine ${machineId ?? 'without an id'}`;
}
