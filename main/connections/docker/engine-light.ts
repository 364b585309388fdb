import { AppError } from '../../../shared/errors/app-error.js';
import type { Light } from '../../../shared/ipc/views.js';
import type { EngineAddress } from '../../../shared/runbook/environment-schema.js';
import type { EnginePorts } from './engine-ports.js';

/** Reads only. Never rejects. */
export async function engineLight(
  engines: EnginePorts,
  engine: EngineAddress,
  signal: AbortSignal,
): Promise<Light> {
  const { name } = engine;
  const place = await engines.describe(name);
  try {
    const {
      name: make,
      engineVersion,
      apiVersion,
      lacks,
    } = await engines.quietPort(name).info(signal);
    const called = make === 'Podman' ? make : 'Engine';
    const text = `${called} ${engineVersion}, API ${apiVersion}`;
    return { name, state: 'ok', text, uses: [place, ...lacks] };
  } catch (thrown) {
    return { name, state: 'bad', text: wordsOf(thrown), uses: [place] };
  }
}

function wordsOf(thrown: unknown): string {
  if (thrown instanceof AppError) {
    return thrown.code === 'STEP_STOPPED' ? 'No answer in time' : thrown.message;
  }
  return 'The check itself failed; the details are in the app log.';
}
