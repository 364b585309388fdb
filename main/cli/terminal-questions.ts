import { AppError } from '../../shared/errors/app-error.js';
import type { Answer, Question, Questions } from '../connections/questions.js';
import type { Asking } from './terminal.js';

export type TerminalQuestionsDeps = {
  readonly terminal: Pick<Asking, 'canAsk' | 'read'>;
  readonly say: (line: string) => void;
  /** Fingerprints that the command line says to trust: for machines where nobody can be asked. */
  readonly acceptedKeys: readonly string[];
};

const TYPED_CHARACTERS = 6;

/**
 * Asks on the terminal. Where there is none, an unknown key is trusted only if the command line names its fingerprint,
 * and everything else is QUESTION_UNANSWERED.
 */
export function terminalQuestions(deps: TerminalQuestionsDeps): Questions {
  return {
    async ask(question, signal) {
      if (question.kind === 'host-key' && deps.acceptedKeys.includes(question.fingerprint)) {
        deps.say(`Trusting the key of ${question.host}: --accept-host-key ${question.fingerprint}`);
        return { kind: 'accept' };
      }
      if (!deps.terminal.canAsk) {
        throw new AppError('QUESTION_UNANSWERED', unanswered(question, deps.acceptedKeys));
      }
      return answer(question, deps, signal);
    },
  };
}

async function answer(
  question: Question,
  { terminal, say }: TerminalQuestionsDeps,
  signal: AbortSignal,
): Promise<Answer> {
  const secret = async (prompt: string): Promise<Answer> => {
    const value = await terminal.read(prompt, { isHidden: true }, signal);
    return value === null ? { kind: 'refuse' } : { kind: 'secret', value };
  };
  switch (question.kind) {
    case 'host-key': {
      const { host, address, keyType, fingerprint } = question;
      say(`The key of ${host} (${address}) is not known yet: ${keyType} ${fingerprint}`);
      say('Compare it with one you have from another source.');
      const wanted = fingerprint.slice(-TYPED_CHARACTERS);
      const prompt = `To trust it type its last ${String(TYPED_CHARACTERS)} characters; Enter alone does not connect: `;
      const typed = await terminal.read(prompt, { isHidden: false }, signal);
      return { kind: typed?.trim() === wanted ? 'accept' : 'refuse' };
    }
    case 'password':
      return secret(`Password of ${question.user} on ${question.host}: `);
    case 'database-password': {
      const { user, database, address, wasWrong } = question;
      const again = wasWrong ? 'The server refused that. ' : '';
      return secret(`${again}Password of ${user} for the database ${database} at ${address}: `);
    }
    case 'passphrase':
      return secret(`Passphrase of ${question.keyFile}: `);
    case 'sudo-password':
      return secret(`Password for sudo of ${question.user} on ${question.host}: `);
    case 'prompts':
      return prompted(question, { terminal, say }, signal);
  }
}

async function prompted(
  { host, title, instructions, prompts }: Extract<Question, { kind: 'prompts' }>,
  { terminal, say }: Pick<TerminalQuestionsDeps, 'terminal' | 'say'>,
  signal: AbortSignal,
): Promise<Answer> {
  for (const text of [title, instructions].filter((one) => one.trim() !== '')) {
    say(`${host}: ${text}`);
  }
  const values: string[] = [];
  for (const { text, isShown } of prompts) {
    const value = await terminal.read(`${host}: ${text}`, { isHidden: !isShown }, signal);
    if (value === null) {
      return { kind: 'refuse' };
    }
    values.push(value);
  }
  return { kind: 'values', values };
}

function unanswered(question: Question, acceptedKeys: readonly string[]): string {
  switch (question.kind) {
    case 'host-key': {
      const { host, fingerprint } = question;
      const other = acceptedKeys.length === 0 ? '' : ' That is none of those given.';
      return `The key of ${host} is not known: ${fingerprint}.${other} If it is the right one: --accept-host-key ${fingerprint}`;
    }
    case 'password':
      return `${question.host} wants the password of ${question.user}, and there is no terminal to type it on. Use a key.`;
    case 'database-password':
      return `The database ${question.database} wants the password of ${question.user}, and there is no terminal to type it on. Give it with --password-file.`;
    case 'passphrase':
      return `${question.keyFile} has a passphrase, and there is no terminal to type it on. Put the key into an agent.`;
    case 'sudo-password':
      return `sudo on ${question.host} wants the password of ${question.user}, and there is no terminal to type it on. Allow the account what it needs without one.`;
    case 'prompts':
      return `${question.host} asks something, and there is no terminal to answer on.`;
  }
}
