/**
 * The floor: nothing but what must be. The replacement exists already; stop and start back to back over the engine's
 * socket with bare HTTP, then the same verification as everybody. `node floor.mjs SOCKET OLD NEW PORT`
 */
import { Agent, request } from 'node:http';
import { until } from '../lib/time.mjs';
import { ask, readHealth } from '../lib/ask.mjs';

const [socketPath = '', oldName = '', newName = '', port = ''] = process.argv.slice(2);
const service = { host: '127.0.0.1', port };
const agent = new Agent({ keepAlive: true });

/** @param {string} name @param {string} verb */
async function tell(name, verb) {
  const path = `/containers/${name}/${verb}`;
  const { status, text } = await ask({ socketPath, agent, path, method: 'POST', timeout: 70_000 });
  if (status !== 204) {
    throw new Error(`${path} answered ${status}: ${text}`);
  }
}

async function isHealthy() {
  try {
    const { status, text } = await ask({ ...service, path: '/health' });
    return status === 200 && readHealth(text).status === 'healthy';
  } catch {
    return false;
  }
}

/** @param {string} query */
const logPath = (query) => `/containers/${newName}/logs?stdout=1&stderr=1&${query}`;

/** @param {string} line @returns {Promise<void>} */
function logSays(line) {
  return new Promise((resolve, reject) => {
    const follow = request({ socketPath, path: logPath('follow=1&tail=50') }, (response) => {
      response.setEncoding('utf8').on('data', (/** @type {string} */ chunk) => {
        if (chunk.includes(line)) {
          follow.destroy();
          resolve();
        }
      });
    });
    follow.on('error', reject).end();
  });
}

await tell(oldName, 'stop?t=60');
await tell(newName, 'start');
await until(isHealthy, { what: 'Health', timeoutMs: 60_000 });
await ask({ socketPath, agent, path: logPath('tail=50') });
const body = { conditionId: 'test-market-id' };
const { status } = await ask({ ...service, path: '/trigger', method: 'POST', body });
if (status !== 202) {
  throw new Error(`The trigger answered ${status}.`);
}
await logSays('analysis test-market-id completed');
process.stderr.write('verified\n');
agent.destroy();
