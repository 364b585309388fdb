import type { Server } from 'node:http';
import type { RangeClock } from './clock.js';
import { watchHealth } from './health-monitor.js';
import type { HealthState, HealthStatus } from './health-monitor.js';
import type { LogStream } from './log-store.js';
import type { Pace } from './pace.js';
import { goesWell, healthAnswer, triggerAnswer } from './service-answers.js';
import type { Answer, Behaviour } from './service-answers.js';
import { closeServer, portOf, serveProgram } from './service-http.js';
import type { Program } from './service-http.js';
import type { ServiceManner } from './service-manner.js';
import type { Healthcheck } from './healthcheck.js';

export type ServiceSpec = {
  readonly manner: ServiceManner;
  readonly version: string;
  readonly behaviour: Behaviour;
  readonly ignoresStop: boolean;
  /** It has been up all along: no start-up, no greeting. */
  readonly isWarm: boolean;
  readonly startedMs: number;
  /** Where to listen on 127.0.0.1; 0 is any free port. */
  readonly hostPorts: readonly number[];
  readonly healthcheck: Healthcheck | null | undefined;
  readonly clock: RangeClock;
  readonly pace: Pace;
  readonly log: (stream: LogStream, text: string) => void;
  readonly onHealth: (status: HealthStatus) => void;
};

/** What runs inside a container: no process of the system, only this object and its servers. */
export type ServiceProcess = {
  /** In the order of `hostPorts`. */
  readonly ports: readonly number[];
  readonly exited: Promise<number>;
  /** What it does with a request, for whoever leads requests to it. */
  readonly program: Program;
  /** SIGTERM and its like: finishes what it has in hand, unless it ignores that. */
  readonly terminate: () => void;
  readonly kill: () => void;
  readonly health: () => HealthState | null;
  /** The console ends; the container itself goes on in the world. */
  readonly abandon: () => Promise<void>;
};

const START_MS = 220;
const DRAIN_MS = 220;
const LINE_EVERY_MS = 500;
const KILLED = 137;

/** Rejects with the system's error when a port cannot be bound; nothing is left open then. */
export async function launchService(spec: ServiceSpec): Promise<ServiceProcess> {
  const life = new ServiceLife(spec);
  await life.begin();
  return life;
}

class ServiceLife implements ServiceProcess {
  readonly exited: Promise<number>;
  readonly program: Program;
  readonly #spec: ServiceSpec;
  readonly #cancels = new Set<() => void>();
  /** Requests in hand. */
  readonly #held = new Set<() => void>();
  #servers: readonly Server[] = [];
  #resolveExit: (code: number) => void = () => undefined;
  #phase: 'starting' | 'up' | 'draining' | 'gone' = 'starting';
  #requests = 0;
  #lines = 0;
  readonly #monitor: ReturnType<typeof watchHealth>;

  constructor(spec: ServiceSpec) {
    this.#spec = spec;
    this.program = this.#program();
    this.exited = new Promise((resolve) => {
      this.#resolveExit = resolve;
    });
    const first = !spec.isWarm
      ? 'starting'
      : spec.behaviour === 'healthy'
        ? 'healthy'
        : 'unhealthy';
    this.#monitor = watchHealth(spec.healthcheck, first, {
      clock: spec.clock,
      pace: spec.pace,
      isWell: () => this.#phase === 'up' && spec.behaviour === 'healthy',
      onChange: spec.onHealth,
    });
  }

  get ports(): readonly number[] {
    return this.#servers.map(portOf);
  }

  async begin(): Promise<void> {
    const { hostPorts, isWarm, manner, version } = this.#spec;
    const servers: Server[] = [];
    try {
      for (const port of hostPorts) {
        servers.push(await serveProgram(this.program, port));
      }
    } catch (error) {
      this.#monitor?.stop();
      await Promise.all(servers.map(closeServer));
      throw error;
    }
    this.#servers = servers;
    if (isWarm) {
      this.#phase = 'up';
    } else {
      this.#say(`INFO ${manner.service.name} ${version} is starting`);
      this.#later(START_MS, () => {
        this.#phase = 'up';
        this.#say(`INFO listening on port ${manner.service.port}`);
      });
    }
    this.#later(LINE_EVERY_MS, () => {
      this.#work();
    });
  }

  readonly terminate = (): void => {
    if (this.#phase === 'draining' || this.#phase === 'gone') {
      return;
    }
    if (this.#spec.ignoresStop) {
      this.#say('WARN asked to end; a job is in hand that must not be cut short');
      return;
    }
    this.#phase = 'draining';
    this.#say('INFO asked to end; finishing the work in hand');
    this.#later(DRAIN_MS, () => {
      this.#say('INFO work in hand is finished, connections are closed');
      void this.#end(0);
    });
  };

  readonly kill = (): void => {
    void this.#end(KILLED);
  };

  readonly health = (): HealthState | null => this.#monitor?.state() ?? null;

  readonly abandon = async (): Promise<void> => {
    this.#halt();
    await Promise.all(this.#servers.map(closeServer));
  };

  async #end(code: number): Promise<void> {
    if (this.#phase === 'gone') {
      return;
    }
    this.#halt();
    await Promise.all(this.#servers.map(closeServer));
    this.#resolveExit(code);
  }

  #halt(): void {
    this.#phase = 'gone';
    this.#monitor?.stop();
    this.#cancels.forEach((cancel) => {
      cancel();
    });
    this.#cancels.clear();
    this.#held.forEach((cut) => {
      cut();
    });
    this.#held.clear();
  }

  #program(): Program {
    return {
      isListening: () => this.#phase === 'up',
      answer: (method, path) => this.#answer(method, path),
      latencyMs: () => (this.#spec.behaviour === 'healthy' ? 4 : 45),
      later: (milliseconds, action) => {
        this.#later(milliseconds, action);
      },
      hold: (cut) => {
        this.#held.add(cut);
        return () => this.#held.delete(cut);
      },
    };
  }

  #answer(method: string, path: string): Answer {
    const { manner, behaviour, clock, startedMs, version } = this.#spec;
    const { service } = manner;
    if (path === service.health.path) {
      const isWell = goesWell(behaviour, this.#requests++);
      return healthAnswer(service, isWell, { nowMs: clock.nowMs(), startedMs, version });
    }
    if (path === service.trigger?.path) {
      return method === 'POST' ? this.#triggered() : { status: 405, body: { error: 'POST only' } };
    }
    return { status: 404, body: { error: 'not found' } };
  }

  #triggered(): Answer {
    const { manner, behaviour, log } = this.#spec;
    const isWell = goesWell(behaviour, this.#requests++);
    if (isWell) {
      this.#later(350, () => {
        log('stdout', manner.completionLine ?? '');
      });
    } else {
      log('stderr', manner.errorLine);
    }
    return triggerAnswer(manner.service, isWell);
  }

  #work(): void {
    const { manner, behaviour, log } = this.#spec;
    const number = this.#lines++;
    if (behaviour !== 'healthy' && number % 3 === 1) {
      log('stderr', manner.errorLine);
    } else {
      const line = manner.ordinaryLines[number % Math.max(1, manner.ordinaryLines.length)];
      if (line !== undefined) {
        log('stdout', line);
      }
    }
    this.#later(LINE_EVERY_MS, () => {
      this.#work();
    });
  }

  /** A good start must not look like an error, whatever the runbook counts as one. */
  #say(line: string): void {
    if (this.#spec.manner.isOrdinary(line)) {
      this.#spec.log('stdout', line);
    }
  }

  #later(milliseconds: number, action: () => void): void {
    const cancel = this.#spec.pace.after(milliseconds, () => {
      this.#cancels.delete(cancel);
      action();
    });
    this.#cancels.add(cancel);
  }
}
