import { AppError } from '../../../shared/errors/app-error.js';
import type { Light } from '../../../shared/ipc/views.js';
import type { DatabasePort } from '../database-types.js';

/** Whether the database answers now. Never rejects. Null: nobody has needed it yet, and a light asks for no password. */
export async function databaseLight(
  database: string,
  port: DatabasePort | null,
  signal: AbortSignal,
): Promise<Light> {
  // Beside hosts and engines, a name alone would not say what answers.
  const name = `database ${database}`;
  if (port === null) {
    return { name, state: 'checking', text: 'not connected yet' };
  }
  try {
    await port.read('select 1 as one', [], signal);
    const { address, user, serverVersionText, isTls } = await port.info(signal);
    const line = isTls ? 'TLS verified' : 'without TLS';
    const uses = [`as ${user} at ${address}`, `PostgreSQL ${serverVersionText}, ${line}`];
    return { name, state: 'ok', text: 'answers', uses };
  } catch (thrown) {
    return { name, state: 'bad', text: wordsOf(thrown) };
  }
}

function wordsOf(thrown: unknown): string {
  if (thrown instanceof AppError) {
    return thrown.code === 'STEP_STOPPED' ? 'No answer in time' : thrown.message;
  }
  return 'The check itself failed; the details are in the app log.';
}
