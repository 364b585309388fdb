import { randomUUID } from 'node:crypto';
import { AppError } from '../../shared/errors/app-error.js';
import type { AskedQuestion } from '../../shared/ipc/views.js';
import type { Answer, Question, Questions } from './questions.js';

type Open = {
  readonly asked: AskedQuestion;
  readonly settle: (answer: Answer) => void;
  readonly answered: Promise<Answer>;
  /** How many connections wait for the same answer. */
  waiting: number;
};

/**
 * Questions of connections on their way to the operator and back. They stay until they are answered or nobody waits any
 * more, so a page that is loaded anew finds them again. Answers pass through and are kept nowhere.
 */
export class QuestionDesk implements Questions {
  readonly #open = new Map<string, Open>();
  readonly #onChange: (pending: readonly AskedQuestion[]) => void;

  constructor(onChange: (pending: readonly AskedQuestion[]) => void) {
    this.#onChange = onChange;
  }

  /** Oldest first. */
  get pending(): readonly AskedQuestion[] {
    return [...this.#open.values()].map(({ asked }) => asked);
  }

  async ask(question: Question, signal: AbortSignal): Promise<Answer> {
    if (signal.aborted) {
      throw gaveUp();
    }
    const open = this.#same(question) ?? this.#add(question);
    open.waiting += 1;
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        open.waiting -= 1;
        if (open.waiting === 0 && this.#open.delete(open.asked.id)) {
          this.#onChange(this.pending);
        }
        reject(gaveUp());
      };
      signal.addEventListener('abort', stop, { once: true });
      void open.answered.then((answer) => {
        signal.removeEventListener('abort', stop);
        resolve(answer);
      });
    });
  }

  /** QUESTION_GONE when it is open no more; IPC_BAD_INPUT when the answer is one to another kind of question. */
  answer(id: string, answer: Answer): void {
    const open = this.#open.get(id);
    if (open === undefined) {
      throw new AppError('QUESTION_GONE', 'That question is not open any more.');
    }
    if (!fits(open.asked.question, answer)) {
      throw new AppError('IPC_BAD_INPUT', 'That is no answer to this question.');
    }
    this.#open.delete(id);
    open.settle(answer);
    this.#onChange(this.pending);
  }

  /** The same thing asked by two connections is one question. */
  #same(question: Question): Open | undefined {
    // A one-time code is used up by whoever gets it.
    if (question.kind === 'prompts') {
      return undefined;
    }
    const text = JSON.stringify(question);
    return [...this.#open.values()].find(({ asked }) => JSON.stringify(asked.question) === text);
  }

  #add(question: Question): Open {
    let settle: Open['settle'] = () => undefined;
    const answered = new Promise<Answer>((resolve) => {
      settle = resolve;
    });
    const open = { asked: { id: randomUUID(), question }, settle, answered, waiting: 0 };
    this.#open.set(open.asked.id, open);
    this.#onChange(this.pending);
    return open;
  }
}

/** Refusing is an answer to everything; a key is trusted only by a clear word, never by a secret. */
function fits(question: Question, answer: Answer): boolean {
  if (answer.kind === 'refuse') {
    return true;
  }
  switch (question.kind) {
    case 'host-key':
      return answer.kind === 'accept';
    case 'prompts':
      return answer.kind === 'values' && answer.values.length === question.prompts.length;
    default:
      return answer.kind === 'secret';
  }
}

function gaveUp(): AppError {
  return new AppError('STEP_STOPPED', 'Nobody waits for an answer to this question any more.');
}
