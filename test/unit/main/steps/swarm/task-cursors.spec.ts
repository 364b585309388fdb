import { expect, it } from 'vitest';
import type { SwarmLogLine } from '../../../../../main/connections/ports.js';
import { TaskCursors } from '../../../../../main/steps/swarm/task-cursors.js';

const line = (taskId: string, second: number, text: string): SwarmLogLine => ({
  taskId,
  text,
  at: `2026-01-01T00:00:0${String(second)}.000000000Z`,
  stream: 'stdout',
});

it('passes over what was there, task by task, and by count where lines share a moment', () => {
  const cursors = new TaskCursors();
  const there = [
    line('a', 1, 'a1'),
    line('a', 3, 'a3'),
    line('b', 1, 'b1'),
    line('b', 1, 'b1 too'),
  ];
  there.forEach((one) => {
    cursors.take(one);
  });
  const kept = new TaskCursors(cursors.marks);
  expect(kept.since).toBe(line('b', 1, '').at);

  // Task b writes at a moment that task a has left behind: its machine's clock is late.
  const told = [...there, line('b', 1, 'b1 three'), line('b', 2, 'b2'), line('c', 1, 'c1')];
  const isNew = kept.reading();
  expect(told.filter(isNew).map(({ text }) => text)).toEqual(['b1 three', 'b2', 'c1']);

  const again = kept.reading();
  expect([...told, line('a', 4, 'a4')].filter(again).map(({ text }) => text)).toEqual(['a4']);
});
