import type { DatabasePort, ToolPlace } from '../../connections/ports.js';
import { look } from '../host/look.js';
import { shellQuote } from '../shell-quote.js';
import type { Observation } from '../step-kind.js';
import { judge, readMarksAgain } from './marks.js';
import type { Marks } from './marks.js';

/** The number that a script noted of its transaction; null where it was over before anybody looked. */
export async function readTransactionNote(
  { host, as }: ToolPlace,
  file: string,
  signal: AbortSignal,
): Promise<string | null> {
  const text = `if [ -r ${shellQuote(file)} ]; then cat -- ${shellQuote(file)}; fi\n`;
  const id = (await look(host, { text, as, what: `Looking for ${file}` }, signal)).trim();
  return /^\d+$/.test(id) ? id : null;
}

/**
 * The server's own word for what became of a transaction comes first; the tables are the second witness, and the only one where
 * the number is not known or too old. Where the two contradict each other, nothing is known, and that is said.
 */
export async function settleByTransaction(
  port: DatabasePort,
  { id, marks }: { readonly id: string | null; readonly marks: Marks },
  signal: AbortSignal,
): Promise<Observation> {
  const outcome = id === null ? 'not known' : await port.outcomeOf(id, signal);
  const byMarks = judge(marks, await readMarksAgain(port, marks, signal));
  if (id === null || outcome === 'not known') {
    return byMarks;
  }
  if (outcome === 'in progress') {
    return { isDone: null, facts: `Transaction ${id} of it still works on the server.` };
  }
  const isDone = outcome === 'committed';
  const word = isDone ? 'committed' : 'not committed';
  // Without tables there is no second witness.
  return marks.length === 0 || byMarks.isDone === isDone
    ? { isDone, facts: `The server says: transaction ${id} was ${word}.` }
    : {
        isDone: null,
        facts: `The server says: transaction ${id} was ${word}. Its tables contradict that. ${byMarks.facts} Nobody knows what happened: look before you go on.`,
      };
}
