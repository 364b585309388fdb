import path from 'node:path';
import { findRun } from './find-run.js';
import type { HandoverArguments } from './parse-handover.js';
import type { CliDeps } from './run-driver.js';

/** Hands a run over, takes one over or takes one back, and says what is true then. Touches no target. */
export async function handover(
  args: HandoverArguments,
  { lastgood }: Pick<CliDeps, 'lastgood'>,
): Promise<string> {
  const { sentence, ...facts } = await done(args, lastgood);
  return args.isJson ? `${JSON.stringify(facts)}\n` : `${sentence}\n`;
}

async function done(args: HandoverArguments, lastgood: CliDeps['lastgood']) {
  switch (args.verb) {
    case 'hand-over': {
      const { runId } = await findRun(lastgood, args.run);
      const file = path.resolve(args.out);
      await lastgood.handover.handOver(runId, args.to, file);
      const sentence = `Run ${runId} was handed over to ${args.to}: ${file}. Here it is only read.`;
      return { runId, file, sentence };
    }
    case 'give-back': {
      const { runId } = await findRun(lastgood, args.run);
      const file = path.resolve(args.out);
      await lastgood.handover.giveBack(runId, file);
      const sentence = `The journal of the closed run ${runId} was written: ${file}. Where it came from: lastgood take-over.`;
      return { runId, file, sentence };
    }
    case 'take-over': {
      const { runId, isTakenBack, isClosed } = await lastgood.handover.takeOver(
        path.resolve(args.file),
      );
      const sentence = isTakenBack
        ? `Run ${runId} was handed over from here and is taken back.`
        : `Run ${runId} is taken over.`;
      return isClosed
        ? { runId, isTakenBack, isClosed, sentence: `Run ${runId} came home closed.` }
        : {
            ...{ runId, isTakenBack, isClosed },
            sentence: `${sentence} Go on with lastgood resume ${runId}.`,
          };
    }
    case 'take-back': {
      const { runId } = await findRun(lastgood, args.run);
      await lastgood.handover.takeBack(runId);
      const sentence = `Run ${runId} is taken back. Go on with lastgood resume ${runId}.`;
      return { runId, isTakenBack: true, sentence };
    }
  }
}
