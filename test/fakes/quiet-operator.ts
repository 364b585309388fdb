import { AppError } from '../../shared/errors/app-error.js';
import type { Answer, Question, Questions } from '../../main/connections/questions.js';

type Reply = Answer | ((question: Question) => Answer | Promise<Answer>);

/** Somebody who answers by kind of question, in the order in which the answers were laid ready; refuses everything else. */
export class QuietOperator implements Questions {
  readonly asked: Question[] = [];
  readonly #ready = new Map<Question['kind'], Reply[]>();

  /** The last answer of a kind is given again and again. */
  answers(kind: Question['kind'], ...replies: readonly Reply[]): this {
    this.#ready.set(kind, [...replies]);
    return this;
  }

  async ask(question: Question, signal: AbortSignal): Promise<Answer> {
    this.asked.push(question);
    const replies = this.#ready.get(question.kind) ?? [];
    const reply = replies.length > 1 ? replies.shift() : replies[0];
    const answer = typeof reply === 'function' ? reply(question) : (reply ?? { kind: 'refuse' });
    return untilStopped(Promise.resolve(answer), signal);
  }
}

function untilStopped<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      reject(new AppError('STEP_STOPPED', 'Nobody waits for the answer any more.'));
    };
    if (signal.aborted) {
      onAbort();
    }
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject);
  });
}
