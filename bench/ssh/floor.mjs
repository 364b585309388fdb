/**
 * The floor: nothing but what must be. The target is in place already; one restart, then the same verification as
 * everybody. `node floor.mjs SSH_CONFIG HOST UNIT PORT`
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { ask, readHealth } from '../lib/ask.mjs';
import { until } from '../lib/time.mjs';

const [sshConfig = '', host = '', unit = '', port = ''] = process.argv.slice(2);
const service = { host: '127.0.0.1', port };

/** @param {string} command */
const over = (command) =>
  spawn('ssh', ['-F', sshConfig, host, command], { stdio: ['ignore', 'pipe', 'inherit'] });

async function isHealthy() {
  try {
    const { status, text } = await ask({ ...service, path: '/health' });
    return status === 200 && readHealth(text).status === 'healthy';
  } catch {
    return false;
  }
}

const [exitCode] = await once(over(`sudo systemctl restart ${unit}`), 'close');
if (exitCode !== 0) {
  throw new Error(`The restart ended with ${exitCode}.`);
}
await until(isHealthy, { what: 'Health', timeoutMs: 60_000 });
const body = { conditionId: 'test-market-id' };
const { status } = await ask({ ...service, path: '/trigger', method: 'POST', body });
if (status !== 202) {
  throw new Error(`The trigger answered ${status}.`);
}
const journal = over(`sudo journalctl -u ${unit} -f -n 50`);
for await (const line of createInterface({ input: journal.stdout })) {
  if (line.includes('analysis test-market-id completed')) {
    break;
  }
}
journal.kill();
process.stderr.write('verified\n');
