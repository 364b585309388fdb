/** Judges one round by the engine alone: its events against the journal, and the state it was left in. */
import { get } from 'node:http';
import { inspect, ofRun } from './operator.mjs';

/**
 * Which step may do what to which container, and how often a whole rollback does it.
 * @type {readonly { step: string, what: 'old' | 'new', action: string }[]}
 */
const planned = [
  { step: 'create', what: 'new', action: 'create' },
  { step: 'stop', what: 'old', action: 'kill' },
  { step: 'stop', what: 'old', action: 'stop' },
  { step: 'swap', what: 'old', action: 'rename' },
  { step: 'swap', what: 'new', action: 'rename' },
  { step: 'start', what: 'new', action: 'start' },
];

/** What an engine tells beside acts of somebody: consequences, looks, and the setting of a policy (which has no "twice"). */
const notCounted = /^(die|update|attach|resize|top|exec_|health_status|oom)/u;

/**
 * @typedef {{ acts: number, lost: string[], twice: string[], unplanned: string[] }} Account
 * @param {readonly import('./engine-events.mjs').EngineEvent[]} events of this round's containers, without making and removing the place
 * @param {string} oldId
 * @param {readonly import('./journal.mjs').JournalRecord[]} records of every run of the round
 * @returns {Account}
 */
export function account(events, oldId, records) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  /** @type {Account} */
  const found = { acts: 0, lost: [], twice: [], unplanned: [] };
  for (const { id, action, atMs } of events) {
    if (notCounted.test(action)) {
      continue;
    }
    const what = id === oldId ? 'old' : 'new';
    const key = `${action} ${what}`;
    const plan = planned.find((each) => each.what === what && each.action === action);
    found.acts += 1;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    if (plan === undefined) {
      found.unplanned.push(key);
    } else if (!wasAnnounced(records, plan.step, atMs)) {
      found.lost.push(key);
    }
  }
  found.twice = [...counts].filter(([, count]) => count > 1).map(([key]) => key);
  return found;
}

/** @param {readonly import('./journal.mjs').JournalRecord[]} records @param {string} step @param {number} atMs */
function wasAnnounced(records, step, atMs) {
  return records.some(
    ({ at, event }) =>
      event.type === 'step.started' && event.stepId === step && Date.parse(at) <= atMs,
  );
}

/**
 * What is wrong with the state the engine was left in; empty when nothing is.
 * @param {import('./lab-place.mjs').LabPlace} place
 * @param {string} runId
 * @returns {Promise<string[]>}
 */
export async function wrongWith(place, runId) {
  const { container, oldId, targetImageId, port } = place;
  const names = await place.docker(
    'ps',
    '--all',
    '--format',
    '{{.Names}}',
    '--filter',
    `name=${container}`,
  );
  const replacements = await ofRun(place, runId);
  const analyses =
    (await place.docker('logs', container)).split('analysis lab-market started').length - 1;
  const expectations = {
    'the target serves under the name': [
      await inspect(
        place,
        container,
        '{{.Image}} {{.State.Running}} {{.HostConfig.RestartPolicy.Name}}',
      ),
      `${targetImageId} true unless-stopped`,
    ],
    'the old one is kept, stopped': [
      await inspect(place, `${container}-before`, '{{.Id}} {{.State.Running}}'),
      `${oldId} false`,
    ],
    'there is exactly one replacement': [
      replacements.join(' '),
      await inspect(place, container, '{{.Id}}'),
    ],
    'nothing else is left': [
      names.split('\n').sort().join(' '),
      `${container} ${container}-before`,
    ],
    'the test analysis ran once': [analyses, 1],
    'the service answers': [await health(port), '200 1.1.0'],
  };
  return Object.entries(expectations)
    .filter(([, [is, should]]) => is !== should)
    .map(([what, [is, should]]) => `not so: ${what} (is “${is}”, should be “${should}”)`);
}

/** @param {number} port @returns {Promise<string>} */
function health(port) {
  return new Promise((resolve) => {
    get({ host: '127.0.0.1', port, path: '/health', timeout: 5_000 }, async (response) => {
      const text = Buffer.concat(await response.toArray()).toString('utf8');
      resolve(`${response.statusCode} ${JSON.parse(text).version}`);
    }).on('error', (error) => resolve(error.message));
  });
}
