import { formatDuration } from '../../shared/metrics/format-duration.js';
import type { RunRecord } from '../../shared/run/events.js';
import type { RunState } from '../../shared/run/state.js';
import type { RunEvents } from '../runs/run-events.js';

/** Says what happens, one line each, and lets others wait for a record. */
export class Progress {
  readonly events: RunEvents;
  readonly #say: (line: string) => void;
  #waiting: (() => void)[] = [];
  #titles = new Map<string, string>();
  #started = new Map<string, number>();

  constructor(say: (line: string) => void) {
    this.#say = say;
    this.events = {
      appended: (record) => {
        this.#onRecord(record);
      },
      probed: () => undefined,
      lit: () => undefined,
      logged: () => undefined,
      halted: (_runId, error) => {
        say(error === null ? 'The journal can be written again.' : error.message);
      },
      due: () => undefined,
      closed: () => undefined,
    };
  }

  /** A run that was ordered before this process began has told its titles elsewhere. */
  know({ steps }: RunState): void {
    this.#titles = new Map(steps.map(({ plan }) => [plan.id, plan.title]));
  }

  say(line: string): void {
    this.#say(line);
  }

  /** Resolves as soon as `isSo` holds; asked again after each record. */
  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    }
  }

  #onRecord(record: RunRecord): void {
    const line = this.#lineOf(record);
    if (line !== null) {
      this.#say(line);
    }
    const waiting = this.#waiting;
    this.#waiting = [];
    // After the engine has folded the record.
    setImmediate(() => {
      for (const wake of waiting) {
        wake();
      }
    });
  }

  #lineOf({ event, monotonicMs }: RunRecord): string | null {
    switch (event.type) {
      case 'rollback.ordered':
        this.#titles = new Map(event.steps.map(({ id, title }) => [id, title]));
        return `Ordered by ${event.authority}: ${event.reason}`;
      case 'step.started':
        this.#started.set(event.stepId, monotonicMs);
        return `… ${this.#title(event.stepId)}`;
      case 'step.succeeded': {
        const began = this.#started.get(event.stepId) ?? monotonicMs;
        const took = ((monotonicMs - began) / 1_000).toFixed(1);
        return `✓ ${this.#title(event.stepId)} (${took} s): ${event.summary}`;
      }
      case 'step.failed':
        return `✗ ${this.#title(event.stepId)}: ${event.error.message}`;
      case 'step.unknown':
        return `? ${this.#title(event.stepId)}: outcome unknown: ${event.reason}`;
      case 'step.looked':
        return `  looked: ${event.facts}`;
      case 'step.settled':
        return `  settled by ${event.by}: ${event.as}`;
      case 'undo.started':
        return `… taking back ${this.#title(event.stepId)}`;
      case 'undo.succeeded':
        return `↩ ${this.#title(event.stepId)}: ${event.summary}`;
      case 'undo.failed':
        return `✗ taking back ${this.#title(event.stepId)}: ${event.error.message}`;
      case 'health.changed':
        return `  health: ${event.to} (${event.detail})`;
      case 'watch.started':
        return `Watching for ${formatDuration(event.seconds)}`;
      case 'watch.ended':
        return `Watch: ${event.verdict}. ${event.reasons.join(' ')}`;
      case 'rollback.completed':
        return 'The target serves and its checks passed.';
      case 'roll-forward.completed':
        return 'Everything has been taken back.';
      default:
        return null;
    }
  }

  #title(stepId: string): string {
    return this.#titles.get(stepId) ?? stepId;
  }
}
