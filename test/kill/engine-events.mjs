/** The engine's own account of what was done to its containers: the witness that the journal is held against. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { findProgram, until } from '../lab/command.mjs';

const CATCH_UP_TIMEOUT_MS = 15_000;

/**
 * @typedef {{ id: string, action: string, name: string, run: string | null, atMs: number }} EngineEvent
 * @typedef {{ all: readonly EngineEvent[], caughtUpTo: (isSeen: (events: readonly EngineEvent[]) => boolean) => Promise<void>, close: () => void }} EngineEvents
 */

/**
 * Listens from now on. `since` makes the engine tell what happens while the listener is still on its way.
 * @param {string} socket
 * @returns {EngineEvents}
 */
export function listenToEngine(socket) {
  /** @type {EngineEvent[]} */
  const all = [];
  const since = (Date.now() / 1000).toFixed(3);
  const listener = spawn(
    findProgram('docker') ?? 'docker',
    [
      ...['-H', `unix://${socket}`, 'events', '--since', since],
      ...['--filter', 'type=container', '--format', '{{json .}}'],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  createInterface({ input: listener.stdout }).on('line', (line) => {
    all.push(readEvent(line));
  });
  return {
    all,
    caughtUpTo: (isSeen) =>
      until(() => isSeen(all), {
        what: 'The engine’s account of what was done',
        timeoutMs: CATCH_UP_TIMEOUT_MS,
      }),
    close: () => {
      listener.kill();
    },
  };
}

/** @param {string} line @returns {EngineEvent} */
function readEvent(line) {
  const { Action: action, Actor: actor, timeNano } = JSON.parse(line);
  const { name, ...labels } = actor.Attributes;
  return {
    id: actor.ID,
    action,
    name,
    run: labels['lastgood.run'] ?? null,
    atMs: timeNano / 1_000_000,
  };
}
