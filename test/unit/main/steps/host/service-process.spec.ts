import process from 'node:process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { logFilesOf } from '../../../../../main/steps/host/service-pm2.js';
import { cpuPercentBetween, seeProcess } from '../../../../../main/steps/host/service-process.js';
import { shellHost } from '../../../../fakes/shell-host.js';
import { fill, programs, temporary } from './folders.js';

const { signal } = new AbortController();
const unit = { kind: 'systemd', unit: 'tradewizard.service' } as const;

function systemctl(lines: readonly string[]): string {
  const main = lines.find((line) => line.startsWith('MainPID=')) ?? 'MainPID=0';
  return `case "$*" in
  *LoadState*) printf '%s\\n' ${lines.map((line) => `'${line}'`).join(' ')} ;;
  *) echo '${main}' ;;
esac`;
}

const running = ['LoadState=loaded', 'ActiveState=active', 'SubState=running', 'Result=success'];

describe('a unit of systemd', () => {
  it('tells its state, restarts, memory and processor time', async () => {
    const counted = [
      'NRestarts=3',
      'MainPID=0',
      'MemoryCurrent=52428800',
      'CPUUsageNSec=1500000000',
    ];
    const port = shellHost({
      programs: programs({ systemctl: systemctl([...running, ...counted]) }),
    });

    expect(await seeProcess(port, unit, signal)).toMatchObject({
      isUp: true,
      text: 'tradewizard.service is active (running)',
      restarts: 3,
      memoryBytes: 52_428_800,
      cpuSeconds: 1.5,
      atSeconds: expect.any(Number) as number,
    });
  });

  it('is measured by its main process where systemd keeps no accounts', async () => {
    const none = ['NRestarts=0', `MainPID=${String(process.pid)}`, 'MemoryCurrent=[not set]'];
    const most = 'CPUUsageNSec=18446744073709551615';
    const port = shellHost({
      programs: programs({ systemctl: systemctl([...running, ...none, most]) }),
    });

    const { memoryBytes, cpuSeconds } = await seeProcess(port, unit, signal);

    expect(memoryBytes).toBeGreaterThan(1_000_000);
    expect(cpuSeconds).toBeGreaterThan(0);
  });

  it('is said to be missing where systemd does not know it', async () => {
    const lines = ['LoadState=not-found', 'ActiveState=inactive', 'SubState=dead', 'MainPID=0'];
    const port = shellHost({ programs: programs({ systemctl: systemctl(lines) }) });

    expect(await seeProcess(port, unit, signal)).toMatchObject({
      isKnown: false,
      isUp: false,
      text: 'there is no unit tradewizard.service',
    });
  });

  it('has a processor share only between two looks at the same life of it', () => {
    const sight = {
      isKnown: true,
      isUp: true,
      hasEnded: false,
      text: '',
      restarts: 0,
      memoryBytes: 0,
      cpuPercent: null,
    };
    const first = { ...sight, cpuSeconds: 10, atSeconds: 100 };

    expect(cpuPercentBetween(null, first)).toBeNull();
    expect(cpuPercentBetween(first, { ...first, cpuSeconds: 11, atSeconds: 102 })).toBe(50);
    expect(cpuPercentBetween(first, { ...first, cpuSeconds: 1, atSeconds: 102 })).toBeNull();
  });
});

describe('an app of PM2', () => {
  const listed = (files: { out: string; error: string }) =>
    JSON.stringify([
      {
        name: 'tradewizard',
        pid: 7,
        monit: { memory: 1_000, cpu: 12.5 },
        pm2_env: {
          status: 'online',
          restart_time: 2,
          pm_out_log_path: files.out,
          pm_err_log_path: files.error,
          env: { API_KEY: 'never to be shown' },
        },
      },
      { name: 'other', pid: 8, monit: {}, pm2_env: { status: 'stopped' } },
    ]);
  const app = (home: string) => ({ kind: 'pm2', app: 'tradewizard', owner: null, home }) as const;

  function pm2(list: string): { home: string; programs: string } {
    const home = temporary();
    fill(home, { 'pm2.pid': String(process.pid), 'list.json': list });
    const talk = `echo '[PM2] something it says'; cat '${join(home, 'list.json')}'; echo`;
    return { home, programs: programs({ pm2: talk }) };
  }

  it('tells its state, restarts, memory and processor share, and nothing of its environment', async () => {
    const { home, programs: folder } = pm2(listed({ out: '/var/log/out', error: '/var/log/err' }));

    const sight = await seeProcess(shellHost({ programs: folder }), app(home), signal);

    expect(sight).toMatchObject({
      isUp: true,
      text: 'tradewizard is online',
      restarts: 2,
      memoryBytes: 1_000,
      cpuPercent: 12.5,
    });
    expect(JSON.stringify(sight)).not.toContain('never to be shown');
  });

  it('names its log files, one file for both only once', async () => {
    const one = pm2(listed({ out: '/var/log/all', error: '/var/log/all' }));

    expect(await logFilesOf(shellHost({ programs: one.programs }), app(one.home), signal)).toEqual({
      stdout: ['/var/log/all'],
      stderr: [],
    });
  });

  it('does not start a daemon by looking', async () => {
    const { home } = pm2('[]');
    const touched = join(home, 'touched');
    fill(home, { 'pm2.pid': '99999999' });
    const folder = programs({ pm2: `touch '${touched}'; echo '[]'` });

    const looking = seeProcess(shellHost({ programs: folder }), app(home), signal);

    await expect(looking).rejects.toMatchObject({
      code: 'HOST_LOOK_FAILED',
      message: expect.stringContaining('no PM2 daemon') as string,
    });
    const { existsSync } = await import('node:fs');
    expect(existsSync(touched)).toBe(false);
  });
});
