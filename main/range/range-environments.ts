import { RangeFault, rangeFaultTexts } from '../../shared/drill/faults.js';
import { AppError } from '../../shared/errors/app-error.js';
import type { Environment, Tier } from '../../shared/runbook/environment-schema.js';
import type { Runbook } from '../../shared/runbook/schema.js';
import type { Range } from './range.js';

type Listed = {
  readonly name: string;
  readonly tier: Tier;
  readonly url: string;
  readonly faults: { name: string; title: string; text: string }[];
  readonly engines: readonly string[];
  readonly hosts: { name: string; address: string }[];
};

type Opening = {
  readonly isNewRun: boolean;
  readonly procedureId: string;
  readonly faults: readonly string[];
  readonly recorded?: Environment;
};

/** The practice environment of every runbook, offered beside the ones the runbook names. */
export function rangeEnvironments(range: Range): {
  readonly list: (runbook: Runbook) => readonly Listed[];
  readonly open: (runbook: Runbook, name: string, options: Opening) => Promise<Environment>;
} {
  const faults = RangeFault.options.map((name) => {
    const { title, text } = rangeFaultTexts[name];
    return { name, title, text };
  });
  /** The port is not known before a world has been opened. */
  const urls = new Map<string, string>();
  return {
    list: ({ id, procedures }) => [
      {
        name: 'practice',
        tier: 'practice',
        url: urls.get(id) ?? 'http://127.0.0.1',
        faults,
        engines: [
          ...new Set(
            procedures.flatMap(({ targets }) =>
              targets.kind === 'docker.images' || targets.kind === 'swarm.previous'
                ? [targets.engine]
                : [],
            ),
          ),
        ],
        hosts: [],
      },
    ],
    open: async (runbook, _name, options) => {
      const { recorded, isNewRun, procedureId } = options;
      const wanted = options.faults.map((fault) => RangeFault.parse(fault));
      refuseForeign(wanted, runbook, procedureId);
      // A run that comes from another console of this machine goes on in the world it began in, while that lives.
      if (!isNewRun && recorded?.tier === 'practice' && (await range.isAlive(recorded))) {
        return recorded;
      }
      const environment = await range.open(runbook, {
        fresh: isNewRun,
        faults: wanted,
        procedureId,
      });
      urls.set(runbook.id, environment.url);
      return environment;
    },
  };
}

/** What a swarm does by itself cannot go wrong in the ways of a container that is replaced by hand. */
function refuseForeign(
  faults: readonly RangeFault[],
  { procedures }: Runbook,
  procedureId: string,
): void {
  const procedure = procedures.find(({ id }) => id === procedureId);
  const foreign = faults.find((fault) => !rangeFaultTexts[fault].ofSwarm);
  if (procedure?.targets.kind === 'swarm.previous' && foreign !== undefined) {
    const possible = RangeFault.options
      .filter((fault) => rangeFaultTexts[fault].ofSwarm)
      .join(', ');
    throw new AppError(
      'ENVIRONMENT_NO_FAULTS',
      `The fault ${foreign} does not meet “${procedure.title}”. Possible there: ${possible}.`,
    );
  }
}
