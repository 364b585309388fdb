import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { AppError } from '../../../../../shared/errors/app-error.js';
import type { ServiceLook } from '../../../../../main/steps/service/look-at-service.js';
import { untilHealthy } from '../../../../../main/steps/service/until-healthy.js';
import type { StepContext } from '../../../../../main/steps/step-kind.js';

const good: ServiceLook = { isHealthy: true, text: 'good' };
const bad: ServiceLook = { isHealthy: false, text: 'bad' };

type Asked = PromiseWithResolvers<ServiceLook> & { readonly signal: AbortSignal };

/** A service whose answers come when the test gives them, and a clock that runs ten times as fast. */
function world(timeoutSeconds = 60) {
  const asked: Asked[] = [];
  const emitted: string[] = [];
  const stop = new AbortController();
  const context = {
    signal: stop.signal,
    emit: (line: string) => emitted.push(line),
    delay: (milliseconds: number) =>
      sleep(milliseconds / 10, undefined, { signal: stop.signal }).catch(() => {
        throw new AppError('STEP_STOPPED', 'Stopped.');
      }),
  } as unknown as StepContext;
  const look = (_pausedMs: number, signal: AbortSignal) => {
    const answer = { ...Promise.withResolvers<ServiceLook>(), signal };
    asked.push(answer);
    return answer.promise;
  };
  const done = untilHealthy(timeoutSeconds, look, context);
  // Each test says itself how it ends.
  done.catch(() => undefined);
  const isAsked = (times: number) => expect.poll(() => asked.length).toBeGreaterThanOrEqual(times);
  return { asked, emitted, stop, done, isAsked };
}

test('the next look does not wait for an answer that is long in coming, and the first good one ends the waiting', async () => {
  const { asked, done, isAsked } = world();
  await isAsked(3);
  asked[1]?.resolve(good);
  expect(await done).toBe('good');
  expect(asked.map(({ signal }) => signal.aborted)).toContain(true);
  expect(asked[0]?.signal.aborted).toBe(true);
});

test('no more than four are under way at once', async () => {
  const { asked, done, isAsked, stop } = world();
  await isAsked(4);
  await sleep(60);
  expect(asked).toHaveLength(4);
  asked[0]?.resolve(bad);
  await isAsked(5);
  stop.abort();
  await expect(done).rejects.toMatchObject({ code: 'STEP_STOPPED' });
});

test('a good answer to an earlier question does not overrule a bad one to a later', async () => {
  const { asked, emitted, done, isAsked } = world();
  await isAsked(2);
  asked[1]?.resolve(bad);
  await expect.poll(() => emitted).toEqual(['bad']);
  asked[0]?.resolve(good);
  await isAsked(4);
  asked[3]?.resolve({ isHealthy: true, text: 'better' });
  expect(await done).toBe('better');
});

test('what no look can hope for any more ends the waiting, and the others are called off', async () => {
  const { asked, done, isAsked } = world();
  await isAsked(2);
  asked[0]?.reject(new AppError('SERVICE_EXITED', 'It ended.'));
  await expect(done).rejects.toMatchObject({ code: 'SERVICE_EXITED' });
  expect(asked[1]?.signal.aborted).toBe(true);
  asked[1]?.reject(new AppError('STEP_STOPPED', 'Called off.'));
});

test('a service that never answers is said to have given none when the time is over', async () => {
  const { done } = world(1);
  await expect(done).rejects.toThrow('Not healthy within 1 s. Last seen: no answer.');
});
