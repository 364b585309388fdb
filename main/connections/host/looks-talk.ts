import { shellQuote } from '../../steps/shell-quote.js';
import { CappedText } from './capped-text.js';
import type { Question } from './same-moment.js';
import type { StreamName, Talk } from './shell-talk.js';

/**
 * Several reading scripts as one, which runs them one after the other. Each is answered as soon as it has ended, whatever
 * becomes of those behind it: then both outputs say so with a record, and what follows belongs to the next.
 */
export function looksTalk(questions: readonly Question[]): Talk {
  const outputs: Record<StreamName, CappedText[]> = {
    stdout: [new CappedText()],
    stderr: [new CappedText()],
  };
  const push = (stream: StreamName) => (bytes: Buffer) => {
    outputs[stream].at(-1)?.push(bytes);
  };
  return {
    script: scriptOf(questions),
    mayBeSeen: questions.every(({ mayBeSeen }) => mayBeSeen === true),
    onRecord: ([verb, code = ''], stream) => {
      if (verb !== 'looked') {
        return;
      }
      const number = outputs[stream].push(new CappedText()) - 2;
      const other = outputs[stream === 'stdout' ? 'stderr' : 'stdout'];
      const [stdout, stderr] = [outputs.stdout[number], outputs.stderr[number]];
      if (other.length - 1 > number && stdout !== undefined && stderr !== undefined) {
        const isCut = stdout.isCut || stderr.isCut;
        const texts = { stdout: stdout.text, stderr: stderr.text };
        questions[number]?.answer({ exitCode: Number(code), ...texts, isCut });
      }
    },
    onStdout: push('stdout'),
    onStderr: push('stderr'),
  };
}

/** Each in a subshell, so that neither its exit nor an error in its writing ends ours. */
const scriptOf = (questions: readonly Question[]): string => `lg_looked() {
  lg_say looked "$1"
  lg_say looked "$1" >&2
}
lg_main() {
${questions.map(({ text }) => `  ( eval ${shellQuote(`\n${text}`)} )\n  lg_looked $?\n`).join('')}}
`;
