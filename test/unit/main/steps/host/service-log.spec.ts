import { appendFileSync, existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../../shared/errors/app-error.js';
import type { Json } from '../../../../../shared/json.js';
import { kindOf } from '../../../../../main/steps/registry.js';
import { FakePm2 } from '../../../../fakes/fake-pm2.js';
import { scriptBench } from './script-bench.js';
import type { Bench } from './script-bench.js';

const trigger = {
  path: '/trigger',
  title: 'Run one analysis',
  body: {},
  acceptedStatus: [202],
  completesWith: 'analysis of \\w+ complete',
  timeoutSeconds: 30,
};
const health = { path: '/health', status: 200, json: { status: 'healthy' }, show: [] };
const url = 'http://localhost:3000';

/** A journal in a file, one message a line: the cursor is the number of the line. */
const journalctl = `#!/bin/sh
after=0 follow= lines=100000
for word in "$@"; do
  case $word in
    --after-cursor=*) after=\${word#*=c} ;;
    --lines=*) lines=\${word#*=} ;;
    --follow) follow=yes ;;
  esac
done
show() {
  count=$(wc -l <"$HOME/journal")
  [ "$((count - after))" -le "$lines" ] || after=$((count - lines))
  sed -n "$((after + 1)),$count"p "$HOME/journal" | while IFS= read -r text; do
    after=$((after + 1))
    printf '{"__CURSOR":"c%s","__REALTIME_TIMESTAMP":"1700000000000000","MESSAGE":"%s"}\\n' "$after" "$text"
  done
  after=$count lines=100000
}
show
while [ -n "$follow" ]; do sleep 0.05; show; done
`;

const systemctl = `#!/bin/sh
case "$*" in *InvocationID*) echo 1 ;; *) cat "$HOME/unit" ;; esac
`;

type World = {
  readonly bench: Bench;
  readonly service: Json;
  readonly say: (line: string) => void;
  readonly setUp: (isUp: boolean, restarts: number) => void;
};

function unitWorld(): World {
  const bench = scriptBench();
  bench.line.addProgram('journalctl', journalctl);
  bench.line.addProgram('systemctl', systemctl);
  writeFileSync(bench.at('journal'), 'analysis of OLD complete\n');
  const setUp = (isUp: boolean, restarts: number): void => {
    const state = isUp ? 'active' : 'failed';
    writeFileSync(
      bench.at('unit.next'),
      `LoadState=loaded\nActiveState=${state}\nSubState=x\nResult=success\nNRestarts=${String(restarts)}\nMainPID=0\n`,
    );
    // Whoever looks at this moment sees the one or the other, and never half of it.
    renameSync(bench.at('unit.next'), bench.at('unit'));
  };
  setUp(true, 0);
  return {
    bench,
    service: { kind: 'systemd', unit: 'web.service' },
    say: (line) => {
      appendFileSync(bench.at('journal'), `${line}\n`);
    },
    setUp,
  };
}

function appWorld(): World {
  const bench = scriptBench();
  const pm2 = new FakePm2(bench.line);
  const log = join(pm2.home, 'logs', 'web-out.log');
  mkdirSync(join(pm2.home, 'logs'), { recursive: true });
  writeFileSync(log, 'analysis of OLD complete\n');
  const setUp = (isUp: boolean, restarts: number): void => {
    const own = {
      status: isUp ? 'online' : 'errored',
      restart_time: restarts,
      pm_out_log_path: log,
      pm_err_log_path: log,
    };
    pm2.file('state.json', JSON.stringify([{ name: 'web', pid: 0, monit: {}, pm2_env: own }]));
  };
  setUp(true, 0);
  return {
    bench,
    service: { kind: 'pm2', app: 'web', home: pm2.home },
    say: (line) => {
      appendFileSync(log, `${line}\n`);
    },
    setUp,
  };
}

describe.each([
  ['a unit of systemd', unitWorld],
  ['an app of PM2', appWorld],
])('a service that is %s', (_name, makeWorld) => {
  it('has done its work when a new line says so, and not when an old one did', async () => {
    const { bench, service, say } = makeWorld();
    bench.http.replyJson('POST', `${url}/trigger`, 202, {});
    const step = bench.step('service.trigger', { host: 'app-1', service, url, trigger });
    const done = step.act();
    await expect.poll(() => bench.http.requests.length).toBe(1);
    say('something else');
    say('analysis of NEW complete');
    expect((await done).summary).toBe('Accepted and completed: analysis of NEW complete');
    expect(bench.said).not.toContain('analysis of OLD complete');
  });

  it('loses no line while the line to the host is down', async () => {
    const { bench, service, say } = makeWorld();
    bench.http.replyJson('POST', `${url}/trigger`, 202, {});
    const step = bench.step('service.trigger', { host: 'app-1', service, url, trigger });
    const done = step.act();
    await expect.poll(() => bench.http.requests.length).toBe(1);
    say('first');
    await expect.poll(() => bench.said.includes('first')).toBe(true);
    bench.line.drop();
    say('analysis of NEW complete');
    bench.line.restore();
    expect((await done).summary).toContain('analysis of NEW complete');
    expect(bench.said.filter((line) => line === 'first')).toHaveLength(1);
  });

  it('is waited for until it is healthy, and no longer once it has ended', async () => {
    const { bench, service, setUp } = makeWorld();
    const params = { host: 'app-1', service, url, health, timeoutSeconds: 60 };
    bench.http.replyJson('GET', `${url}/health`, 200, { status: 'healthy' });
    expect((await bench.step('service.wait-healthy', params).act()).summary).toContain('Healthy');

    bench.http.replyJson('GET', `${url}/health`, 503, { status: 'sick' });
    setUp(false, 0);
    await expect(bench.step('service.wait-healthy', params).act()).rejects.toMatchObject({
      code: 'SERVICE_EXITED',
    });
  });

  it('is waited for although it was restarted before, and no longer once it is restarted meanwhile', async () => {
    const { bench, service, setUp } = makeWorld();
    setUp(true, 3);
    const params = { host: 'app-1', service, url, health, timeoutSeconds: 60 };
    bench.http.replyJson('GET', `${url}/health`, 200, { status: 'healthy' });
    expect((await bench.step('service.wait-healthy', params).act()).summary).toContain('Healthy');

    let asked = 0;
    bench.http.reply('GET', `${url}/health`, () => {
      asked += 1;
      // Not before the first look at the process, which it counts from, is over.
      setUp(true, asked < 10 ? 3 : 4);
      return { status: 503, body: '{"status":"sick"}' };
    });
    const failed = bench.step('service.wait-healthy', params).act();
    await expect(failed).rejects.toMatchObject({ code: 'SERVICE_EXITED' });
    await expect(failed).rejects.toThrow(/started anew once/);
  });
});

describe('the end of a trigger in the journal of systemd', () => {
  /** Those who follow are told nothing, and leave a file. */
  const deaf = journalctl.replace(/^while.*$/mu, '[ -z "$follow" ] || exec sleep 30');
  const following = 'touch "$HOME/followed"';

  it('is asked for, because systemd tells those who follow only after a while', async () => {
    const { bench, service, say } = unitWorld();
    bench.line.addProgram('journalctl', deaf);
    bench.http.replyJson('POST', `${url}/trigger`, 202, {});
    const done = bench.step('service.trigger', { host: 'app-1', service, url, trigger }).act();
    await expect.poll(() => bench.http.requests.length).toBe(1);
    say('analysis of NEW complete');
    expect((await done).summary).toBe('Accepted and completed: analysis of NEW complete');
  });

  it('is followed where it takes longer, because asking on and on would burden the host', async () => {
    const { bench, service, say } = unitWorld();
    // Who asks on is told nothing, at once: a hundred asks take long enough on a slow machine.
    bench.line.addProgram(
      'journalctl',
      journalctl
        .replace(/^show$/mu, '[ -n "$follow" ] || [ "$after" = 0 ] || exit 0\nshow')
        .replace(/^while/mu, `[ -z "$follow" ] || ${following}\nwhile`),
    );
    bench.line.addProgram('sleep', '#!/bin/sh\n');
    bench.http.replyJson('POST', `${url}/trigger`, 202, {});
    const done = bench.step('service.trigger', { host: 'app-1', service, url, trigger }).act();
    await expect.poll(() => existsSync(bench.at('followed')), { timeout: 25_000 }).toBe(true);
    say('analysis of NEW complete');
    expect((await done).summary).toBe('Accepted and completed: analysis of NEW complete');
  });
});

describe('a host that is away while its service is asked', () => {
  const away = (): never => {
    throw new AppError('HOST_UNREACHABLE', 'app-1 is silent.');
  };

  it('is waited for as long as the service is', async () => {
    const { bench, service } = unitWorld();
    const replies = [away, away];
    bench.http.reply('GET', `${url}/health`, () => {
      const reply = replies.shift();
      return reply === undefined ? { status: 200, body: '{"status":"healthy"}' } : reply();
    });
    const params = { host: 'app-1', service, url, health, timeoutSeconds: 60 };
    expect((await bench.step('service.wait-healthy', params).act()).summary).toContain('Healthy');
    expect(replies).toEqual([]);
  });

  it('says nothing about the health of the service', async () => {
    const { bench } = unitWorld();
    bench.http.reply('GET', `${url}/health`, away);
    await expect(bench.step('service.check-health', { url, health }).act()).rejects.toMatchObject({
      code: 'HOST_UNREACHABLE',
    });
  });
});

describe('where a service lives', () => {
  const params = { url, health, timeoutSeconds: 5 };
  const service = { kind: 'systemd', unit: 'web.service' };

  it.each<[string, Json]>([
    ['nowhere', params],
    ['half a container', { ...params, engine: 'docker' }],
    ['half a host', { ...params, host: 'app-1' }],
    [
      'a swarm’s service on a host',
      { ...params, host: 'app', service: { kind: 'swarm', name: 'web' } },
    ],
    ['both', { ...params, engine: 'docker', container: 'web', host: 'app-1', service }],
  ])('is refused when it is %s', (_name, wrong) => {
    expect(() => kindOf('service.wait-healthy').describe(wrong)).toThrow(
      'name engine and container, host and service, or engine and a swarm service',
    );
  });

  it('is said in the sentence that the operator approves', () => {
    expect(kindOf('service.wait-healthy').describe({ ...params, host: 'app-1', service })).toBe(
      'Wait until unit web.service on app-1 is healthy at http://localhost:3000/health, for up to 5 s',
    );
  });
});
