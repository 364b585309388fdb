/**
 * The service that the lab's real containers run: health, a trigger, a flowing log, and the failures that a
 * rollback meets. Its mode is baked into the image and can be set per container.
 *
 * LAB_MODE: healthy | sick | never-healthy | ignore-stop | crash
 */
import { createServer } from 'node:http';

const {
  PORT = '3000',
  LAB_VERSION = '0.0.0',
  LAB_MODE = 'healthy',
  LAB_HEALTH_PATH = '/health',
  LAB_TRIGGER_PATH = '/trigger',
  LAB_COMPLETED_LINE = 'analysis {id} completed',
} = process.env;

/** @type {Record<string, string>} */
const statusByMode = { sick: 'unhealthy', 'never-healthy': 'starting' };
const status = statusByMode[LAB_MODE] ?? 'healthy';
const isHealthy = status === 'healthy';
const startedAt = Date.now();
let lastAnalysis = new Date(startedAt).toISOString();
let tick = 0;

/** @param {string} level @param {string} text */
const log = (level, text) => {
  console.log(`${new Date().toISOString()} ${level} ${text}`);
};

const health = () => ({
  status,
  version: LAB_VERSION,
  uptime: (Date.now() - startedAt) / 1000,
  database: isHealthy,
  scheduler: true,
  lastAnalysis,
  nextScheduledRun: new Date(Date.now() + 60_000).toISOString(),
});

/** @param {import('node:http').ServerResponse} response @param {number} statusCode @param {object} body */
const answer = (response, statusCode, body) => {
  response.writeHead(statusCode, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(body)}\n`);
};

/** @param {string} text */
const idOf = (text) => {
  try {
    const body = JSON.parse(text);
    return String(body.conditionId ?? body.id ?? Object.values(body)[0] ?? 'none');
  } catch {
    return 'none';
  }
};

/** @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response */
const runAnalysis = async (request, response) => {
  const chunks = await request.toArray();
  const id = idOf(Buffer.concat(chunks).toString('utf8'));
  if (!isHealthy) {
    log('ERROR', `analysis ${id} refused: database is not reachable`);
    answer(response, 503, { accepted: false });
    return;
  }
  log('INFO', `analysis ${id} started`);
  answer(response, 202, { accepted: true, id });
  setTimeout(() => {
    lastAnalysis = new Date().toISOString();
    log('INFO', LAB_COMPLETED_LINE.replaceAll('{id}', id));
  }, 250);
};

const server = createServer((request, response) => {
  const { method, url } = request;
  if (method === 'GET' && url === LAB_HEALTH_PATH) {
    answer(response, isHealthy ? 200 : 503, health());
  } else if (method === 'POST' && url === LAB_TRIGGER_PATH) {
    void runAnalysis(request, response);
  } else {
    answer(response, 404, { error: 'not found' });
  }
});

process.on('SIGTERM', () => {
  if (LAB_MODE === 'ignore-stop') {
    log('WARN', 'stop requested, still working');
    return;
  }
  log('INFO', 'stop requested, leaving');
  process.exit(0);
});

server.listen(Number(PORT), '0.0.0.0', () => {
  log('INFO', `version ${LAB_VERSION} listens on ${PORT}`);
});

setInterval(() => {
  tick += 1;
  const line = isHealthy
    ? `tick ${tick}: markets scanned`
    : `tick ${tick}: database is not reachable`;
  log(isHealthy ? 'INFO' : 'ERROR', line);
}, 500);

if (LAB_MODE === 'crash') {
  log('ERROR', 'cannot go on');
  process.exit(1);
}
