import type { HttpAnswer, HttpPort, HttpRequest } from '../../main/connections/ports.js';
import { AppError } from '../../shared/errors/app-error.js';

type Reply = Pick<HttpAnswer, 'status' | 'body'>;

/** Answers by method and address; silent where nothing was arranged, like a port nobody listens at. */
export class FakeHttp implements HttpPort {
  readonly requests: HttpRequest[] = [];
  /** What was done with connections, and each request by its method, in order. */
  readonly moves: string[] = [];
  readonly #replies = new Map<string, () => Reply | null>();

  /** `null` is no answer. */
  reply(method: HttpRequest['method'], url: string, reply: () => Reply | null): void {
    this.#replies.set(`${method} ${url}`, reply);
  }

  replyJson(method: HttpRequest['method'], url: string, status: number, body: unknown): void {
    this.reply(method, url, () => ({ status, body: JSON.stringify(body) }));
  }

  async request(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
    if (signal.aborted) {
      throw new AppError('STEP_STOPPED', 'Stopped.');
    }
    this.requests.push(request);
    this.moves.push(request.method);
    const reply = this.#replies.get(`${request.method} ${request.url}`)?.() ?? null;
    if (reply === null) {
      throw new AppError(
        'HTTP_NO_ANSWER',
        `${request.method} ${request.url}: nobody listens there.`,
      );
    }
    return Promise.resolve({ ...reply, milliseconds: 3 });
  }

  openAhead(url: string): void {
    this.moves.push(`open ahead to ${url}`);
  }

  letGo(): void {
    this.moves.push('let go');
  }
}
