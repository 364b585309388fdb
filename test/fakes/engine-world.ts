import { RunEngine } from '../../main/engine/run-engine.js';
import type { StepRunner } from '../../main/engine/step-runner-port.js';
import type { RunEvent, RunRecord } from '../../shared/run/events.js';
import { FakeRunner } from './fake-runner.js';
import { MemoryJournal } from './memory-journal.js';
import { runId } from './sample-run.js';

/** An engine on a fake world and a journal in memory; `restart` is what a crash leaves. */
export class EngineWorld {
  readonly runner = new FakeRunner();
  readonly journal = new MemoryJournal();
  readonly published: RunRecord[] = [];
  readonly halts: (string | null)[] = [];
  readonly faults: unknown[] = [];
  engine: RunEngine;
  readonly #carriedOutBy: StepRunner;
  #ticks = 0;

  /** Without `carriedOutBy` by the fake runner. */
  constructor(history: readonly RunEvent[], carriedOutBy?: StepRunner) {
    this.#carriedOutBy = carriedOutBy ?? this.runner;
    for (const event of history) {
      this.journal.records.push(this.#record(event));
    }
    this.engine = this.#start();
  }

  /** The process ended without a word: only what is in the journal is left. */
  restart(): void {
    this.engine = this.#start();
  }

  types(): string[] {
    return this.journal.records.map(({ event }) =>
      'stepId' in event ? `${event.type} ${event.stepId}` : event.type,
    );
  }

  #start(): RunEngine {
    return new RunEngine(
      {
        runId,
        runner: this.#carriedOutBy,
        append: this.journal.append,
        publish: (record) => {
          this.published.push(record);
        },
        onHalt: (error) => {
          this.halts.push(error?.code ?? null);
        },
        onFault: (thrown) => {
          this.faults.push(thrown);
        },
        clock: {
          now: () => new Date(0).toISOString(),
          monotonicMs: () => (this.#ticks += 1),
          delay: () => Promise.resolve(),
        },
        session: '11111111-1111-4111-8111-111111111111',
      },
      this.journal.records,
    );
  }

  #record(event: RunEvent): RunRecord {
    return {
      v: 1,
      runId,
      seq: this.journal.records.length,
      prev: '0'.repeat(64),
      at: new Date(0).toISOString(),
      monotonicMs: 0,
      session: '11111111-1111-4111-8111-111111111111',
      event,
    };
  }
}
