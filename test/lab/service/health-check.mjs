/** What the container engine's own health check runs inside the image. */
import { get } from 'node:http';

const { PORT = '3000', LAB_HEALTH_PATH = '/health' } = process.env;

get({ host: '127.0.0.1', port: PORT, path: LAB_HEALTH_PATH, timeout: 2_000 }, (response) => {
  response.resume();
  process.exit(response.statusCode === 200 ? 0 : 1);
}).on('error', () => process.exit(1));
