/** Operator texts of connections and what is read over them; joined and checked in error-texts.ts. */
export const connectionErrorTexts = {
  HOST_LOOK_FAILED: {
    happened: 'A look at the host did not come to an answer.',
    untouched: 'Nothing was changed: it only read.',
    todo: 'Read the message; check the path, the rights of the account, and whether the tool is there.',
    retryable: true,
  },
  QUESTION_GONE: {
    happened: 'That question has already been answered or is no longer asked.',
    untouched: 'The answer was dropped; nothing was connected by it.',
    todo: 'Look whether another question is open.',
    retryable: false,
  },
  QUESTION_UNANSWERED: {
    happened: 'A connection asked something that nobody could answer.',
    untouched: 'The host was not connected and nothing on it was changed.',
    todo: 'Answer in the window, or start the command where there is a terminal.',
    retryable: true,
  },
  PROCEDURE_NOT_OFFERED: {
    happened: 'That procedure cannot be carried out in that environment.',
    untouched: 'No run was started.',
    todo: 'Choose a procedure whose engines and hosts the environment has, or add them to the runbook.',
    retryable: false,
  },
} as const;
