import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { scriptBench } from '../host/script-bench.js';

/** A unit whose state is a file. Stopping it hangs where a file named “stubborn” lies beside it. */
const systemctl = `#!/bin/sh
cd "$HOME" || exit 1
echo "$*" >>calls
state=$(cat state)
case $1 in
  show)
    shift
    for word in "$@"; do
      case $word in
        LoadState) line=LoadState=loaded ;; ActiveState) line=ActiveState=$state ;; SubState) line=SubState=x ;;
        Result) line=Result=$(cat result) ;; NRestarts) line=NRestarts=0 ;; MainPID) line=MainPID=0 ;;
        TimeoutStopUSec) line='TimeoutStopUSec=1min 30s' ;; *) continue ;;
      esac
      case "$*" in *--value*) echo "\${line#*=}" ;; *) echo "$line" ;; esac
    done ;;
  stop) if [ -e stubborn ]; then exec sleep 60; fi; echo inactive >state ;;
  kill) rm -f stubborn; echo failed >state ;;
  start | restart) if [ -e broken ]; then echo failed >state; echo exit-code >result; exit 1; fi; echo active >state ;;
  reset-failed) ;;
esac
`;

function unitWorld(state = 'active') {
  const bench = scriptBench({ user: 'root' });
  bench.line.addProgram('systemctl', systemctl);
  writeFileSync(bench.at('state'), `${state}\n`);
  writeFileSync(bench.at('result'), 'success\n');
  const place = { host: 'app-1', unit: 'web.service', graceSeconds: 30 };
  return {
    bench,
    stop: bench.step('systemd.stop', place),
    hasty: bench.step('systemd.stop', { ...place, graceSeconds: 1 }),
    start: bench.step('systemd.start', place),
    check: bench.step('systemd.check-unit', { host: 'app-1', unit: 'web.service' }),
    state: () => readFileSync(bench.at('state'), 'utf8').trim(),
    verbs: () =>
      readFileSync(bench.at('calls'), 'utf8')
        .split('\n')
        .flatMap((call) => /^(stop|start|restart|kill)/.exec(call)?.[0] ?? []),
  };
}

describe('a unit of systemd', () => {
  it('is stopped and seen to be, and started again as it was', async () => {
    const { stop, state, verbs } = unitWorld();
    expect((await stop.act()).summary).toContain('stopped by itself');
    expect(state()).toBe('inactive');
    expect(await stop.act()).toMatchObject({ wasAlready: true });
    await stop.undo();
    expect([state(), verbs()]).toEqual(['active', ['stop', 'start']]);
  });

  it('that was not running is left so when the stop is taken back', async () => {
    const { stop, state, verbs } = unitWorld('inactive');
    await stop.act();
    await stop.undo();
    expect([state(), verbs()]).toEqual(['inactive', []]);
  });

  it('is ended by force after the grace, and that is said', async () => {
    const { bench, hasty, state, verbs } = unitWorld();
    writeFileSync(bench.at('stubborn'), '');
    expect((await hasty.act()).summary).toContain('did not stop within 1 s and was ended by force');
    expect(verbs()).toEqual(['stop', 'kill', 'stop']);
    expect(state()).toBe('inactive');
  });

  it('that does not come up fails with what systemd says of it', async () => {
    const { bench, start } = unitWorld('inactive');
    writeFileSync(bench.at('broken'), '');
    await expect(start.act()).rejects.toThrow('web.service cannot be started: exit-code');
  });

  it('is stopped again when the start is taken back', async () => {
    const { start, state } = unitWorld('inactive');
    await start.act();
    expect(state()).toBe('active');
    await start.undo();
    expect(state()).toBe('inactive');
  });

  it('passes its check only while it is active', async () => {
    const { check, stop } = unitWorld();
    expect((await check.act()).summary).toContain('web.service is active');
    await stop.act();
    await expect(check.act()).rejects.toMatchObject({ code: 'SERVICE_EXITED' });
  });
});

describe('a unit that has only just been started', () => {
  /** Where its process is, one answer after the other. */
  const starting = (folders: readonly string[], meanwhile = '') => {
    const { bench } = unitWorld('inactive');
    bench.line.addProgram('systemctl', systemctl.replace('MainPID=0', 'MainPID=7'));
    writeFileSync(bench.at('folders'), folders.map((folder) => `${folder}\n`).join(''));
    const next = 'sed -n 1p folders; [ "$(wc -l <folders)" -eq 1 ] || sed -i 1d folders';
    bench.line.addProgram('readlink', `#!/bin/sh\ncd "$HOME" || exit 1\n${next}\n${meanwhile}\n`);
    const place = { host: 'app-1', unit: 'web.service', graceSeconds: 30, release: '/opt/v2' };
    return bench.step('systemd.start', place);
  };

  it('is waited for until it has gone into its folder', async () => {
    const inRelease = starting(['/', '/', '/', '/', '/opt/v2']);
    expect((await inRelease.act()).summary).toBe('web.service is running, process 7');
  });

  it('is wrong where it stays elsewhere', async () => {
    const inRelease = starting(['/', '/opt/v1']);
    await expect(inRelease.act()).rejects.toThrow(
      'web.service runs from /opt/v1, not from /opt/v2',
    );
  });

  it('is not running where it ends meanwhile', async () => {
    const inRelease = starting(
      ['/', '/', ''],
      '[ "$(cat state)" != active ] || echo failed >state',
    );
    await expect(inRelease.act()).rejects.toThrow('web.service is failed');
  });
});
