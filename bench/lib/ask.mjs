import { request } from 'node:http';

/**
 * One HTTP request with nothing of the product in it. `agent` null is a connection of its own.
 * @param {import('node:http').RequestOptions & { body?: unknown }} options
 * @returns {Promise<{ status: number, text: string }>}
 */
export function ask({ body, ...options }) {
  return new Promise((resolve, reject) => {
    const payload = body === undefined ? '' : JSON.stringify(body);
    const headers = body === undefined ? {} : { 'content-type': 'application/json' };
    const sent = request({ agent: false, timeout: 2_000, headers, ...options }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      response.on('error', reject);
    });
    sent.on('timeout', () => sent.destroy(new Error('no answer in time')));
    sent.on('error', reject);
    sent.end(payload);
  });
}

/**
 * @param {string} text
 * @returns {{ status?: string, version?: string }}
 */
export function readHealth(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
