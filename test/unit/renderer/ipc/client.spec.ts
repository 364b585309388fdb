import { expect, test } from 'vitest';
import { createClient } from '../../../../renderer/ipc/client.js';
import type { Bridge } from '../../../../shared/ipc/contract.js';

function bridge(result: unknown): Bridge {
  return {
    request: () => Promise.resolve(result as never),
    subscribe: () => () => undefined,
  };
}

test('hands out what main answered', async () => {
  const client = createClient(
    bridge({ ok: true, value: { version: '0.1.0', dataFolder: '/data' } }),
  );
  expect(await client.request('app.info', null)).toEqual({ version: '0.1.0', dataFolder: '/data' });
});

test('makes an error again of a failure that crossed as data', async () => {
  const error = { code: 'RUN_COMMAND_REFUSED', message: 'Not now.', retryable: false };
  const client = createClient(bridge({ ok: false, error }));
  await expect(client.request('app.info', null)).rejects.toMatchObject({
    code: 'RUN_COMMAND_REFUSED',
    message: 'Not now.',
  });
});
