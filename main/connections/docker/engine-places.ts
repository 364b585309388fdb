import { homedir } from 'node:os';
import { AppError } from '../../../shared/errors/app-error.js';
import type { EngineAddress } from '../../../shared/runbook/environment-schema.js';
import { describeWay, engineWayOf } from '../../../shared/runbook/engine-way.js';
import { describeContext, readContext } from './context-files.js';

/** Where an engine is, in one line, said before anything is connected; a context's file is read for it. Never rejects. */
export async function engineLine(engine: EngineAddress): Promise<string> {
  const way = engineWayOf(engine);
  if ('problem' in way) {
    return `cannot be used: ${way.problem}`;
  }
  if (way.kind !== 'context') {
    return describeWay(way);
  }
  try {
    return describeContext(way.context, await readContext(way.context, homedir()));
  } catch (thrown) {
    const why = thrown instanceof AppError ? thrown.message : 'its file cannot be read';
    return `cannot be used: ${why}`;
  }
}
