import type { Answer, Question } from '../../shared/connections/questions.js';

export type { Answer, Question } from '../../shared/connections/questions.js';

/** The way from a connection to the person in front of it. Answers are never logged, journaled or kept on disk. */
export interface Questions {
  /** Rejects with STEP_STOPPED when the signal fires before there is an answer. */
  ask(question: Question, signal: AbortSignal): Promise<Answer>;
}
