import type { IncomingMessage } from 'node:http';
import { EngineError } from './engine-error.js';

const LARGEST_BYTES = 1_048_576;

/** Null for an empty body; fails with 400 for what is not JSON, with 413 for a flood. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const bytes of chunksOf(request)) {
    size += bytes.length;
    if (size > LARGEST_BYTES) {
      throw new EngineError(413, 'request body too large');
    }
    chunks.push(bytes);
  }
  const text = Buffer.concat(chunks).toString('utf8').trim();
  if (text === '') {
    return null;
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new EngineError(400, 'invalid JSON: the body cannot be read');
  }
}

/** A request without an encoding gives bytes only; its own type cannot say so. */
function chunksOf(request: IncomingMessage): AsyncIterable<Buffer> {
  return request;
}
