import { AppError } from '../../shared/errors/app-error.js';
import type { CleanUpOffer } from '../../shared/run/clean-up.js';
import { findRun } from './find-run.js';
import type { CleanUpArguments } from './parse-clean-up.js';
import type { CliDeps } from './run-driver.js';

/** Shows what a closed run has left, and removes of it what is named. */
export async function cleanUp(
  { run, removal, isJson }: CleanUpArguments,
  { lastgood }: Pick<CliDeps, 'lastgood'>,
): Promise<string> {
  const { runId } = await findRun(lastgood, run);
  const offers = await lastgood.cleanUp.look(runId);
  if (removal !== null) {
    const { names, typed } = removal;
    await lastgood.cleanUp.remove(runId, {
      items: names.map((name) => named(offers, name)),
      typed,
    });
  }
  if (isJson) {
    return `${JSON.stringify({ runId, offers, removed: removal?.names ?? [] })}\n`;
  }
  const lines = offers.flatMap(inWords);
  const end =
    removal === null
      ? 'Nothing was removed.'
      : `Removed: ${removal.names.join(', ')}. It stands in the journal of the run.`;
  return `${[...(lines.length === 0 ? ['The run has left nothing.'] : lines), end].join('\n')}\n`;
}

function named(offers: readonly CleanUpOffer[], name: string): string {
  const found = offers.filter((offer) => offer.name === name || offer.objectId === name);
  const [offer, second] = found;
  if (offer === undefined || second !== undefined) {
    const known = offers.map((one) => one.name).join(', ') || 'nothing';
    const message = `${second === undefined ? 'There is no' : 'More than one thing is called'} ${name}. There is: ${known}.`;
    throw new AppError('RUN_COMMAND_REFUSED', message);
  }
  return offer.id;
}

function inWords({ kind, engine, name, facts, refusal }: CleanUpOffer): readonly string[] {
  return [
    `${kind} ${name} on ${engine}`,
    ...facts.map((fact) => `  ${fact}`),
    `  ${refusal === null ? 'May be removed.' : `Stays: ${refusal}`}`,
  ];
}
