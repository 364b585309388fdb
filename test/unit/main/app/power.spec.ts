import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { watchPower } from '../../../../main/app/power.js';
import type { PowerOptions } from '../../../../main/app/power.js';

class FakePowerSaveBlocker {
  readonly active = new Set<number>();
  #next = 0;

  start(): number {
    this.#next += 1;
    this.active.add(this.#next);
    return this.#next;
  }

  stop(id: number): boolean {
    return this.active.delete(id);
  }
}

function setUp() {
  const monitor = new EventEmitter();
  const blocker = new FakePowerSaveBlocker();
  const heard: string[] = [];
  const power = watchPower({
    powerMonitor: monitor as unknown as PowerOptions['powerMonitor'],
    powerSaveBlocker: blocker,
    onSuspend: () => heard.push('suspend'),
    onResume: () => heard.push('resume'),
  });
  return { monitor, blocker, heard, power };
}

test('tells when the machine goes to sleep and when it wakes up', () => {
  const { monitor, heard } = setUp();
  monitor.emit('suspend');
  monitor.emit('resume');
  expect(heard).toEqual(['suspend', 'resume']);
});

test('keeps the machine awake only while that is needed, however often it is said', () => {
  const { blocker, power } = setUp();
  power.keepAwake(true);
  power.keepAwake(true);
  expect(blocker.active.size).toBe(1);
  power.keepAwake(false);
  power.keepAwake(false);
  expect(blocker.active.size).toBe(0);
  power.keepAwake(true);
  expect(blocker.active.size).toBe(1);
});
