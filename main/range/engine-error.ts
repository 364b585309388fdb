/** A refusal in the engine's own manner: status code and the words of its `message` field. */
export class EngineError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'EngineError';
    this.status = status;
  }
}

export function noSuchContainer(nameOrId: string): EngineError {
  return new EngineError(404, `No such container: ${nameOrId}`);
}

export function noSuchImage(reference: string): EngineError {
  return new EngineError(404, `No such image: ${reference}`);
}
