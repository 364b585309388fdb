import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createHostAdapter } from '../../main/connections/host/host-adapter.js';
import type { HostJob } from '../../main/connections/ports.js';
import type { HostLine } from '../../main/connections/ssh/line.js';
import { shellQuote } from '../../main/steps/shell-quote.js';
import { openMachine } from '../lab/hosts/hosts.mjs';
import type { Machine } from '../lab/hosts/machine.mjs';
import { never, Notes } from '../contract/host-world.js';
import { realEngine } from './real-engine.js';
import { hostsMayBeMissing, realHosts } from './real-hosts.js';
import { SshDesk } from './ssh-desk.js';

/** `LASTGOOD_FLOOD_MB=2048` is the flood of docs/reliability.md. */
const floodMegabytes = Number(process.env['LASTGOOD_FLOOD_MB'] ?? '200');

describe.skipIf(hostsMayBeMissing)('a real host, at its limits', () => {
  let app: Machine;
  let desk: SshDesk;

  beforeAll(async () => {
    app = await openMachine(realEngine().socket, 'app');
  });
  afterAll(() => app.remove());
  beforeEach(() => {
    desk = new SshDesk();
    desk.configure('Host *', `IdentityFile ${realHosts().keys.lab}`, 'IdentitiesOnly yes');
    app.knownHosts.forEach((key) => {
      desk.know(key);
    });
  });
  afterEach(() => desk.close());

  const lineAs = (user: string) => desk.line(`${user}@${app.address}:${String(app.port)}`);
  const on = (line: HostLine) =>
    createHostAdapter(line, {
      name: 'app',
      questions: { ask: () => Promise.reject(new Error('Nobody is asked here.')) },
      cancelGraceSeconds: 1,
    });
  const as = (user: string) => on(lineAs(user));
  const job = (name: string, script: string): HostJob => ({
    id: { runId: 'limits', name },
    as: 'login',
    parts: [{ name, script }],
  });

  it('lets operators with different logins and rights meet at one lock', async () => {
    const place = { service: 'lab', environment: 'staging', as: 'login' } as const;
    const owner = (operator: string) => ({
      ...{ operator, console: operator, runId: `run-of-${operator}`, epoch: 0, headHash: '' },
      since: '2026-11-25T10:00:00.000Z',
    });
    const [mighty, small] = [as('deploy'), as('plain')];
    await mighty.lock(place, owner('Ada'), never);

    await expect(small.lock(place, owner('Noor'), never)).rejects.toMatchObject({
      code: 'HOST_LOCKED',
      message: expect.stringContaining('Ada') as string,
    });
    const words = { runId: 'run-of-Ada', by: 'Noor', at: '', reason: 'her laptop died' };
    await small.breakLock(place, words, never);
    await small.lock(place, owner('Noor'), never);
    await expect(mighty.refreshLock(place, owner('Ada'), never)).rejects.toMatchObject({
      code: 'HOST_LOCK_LOST',
      message: expect.stringContaining('Noor') as string,
    });
    await small.unlock(place, 'run-of-Noor', never);
  });

  it.each(['deploy', 'with-fish', 'with-csh', 'with-dash', 'noisy'])(
    'takes a script that may be seen as one command from %s, whatever is in it',
    async (user) => {
      const line = lineAs(user);
      const commands: string[] = [];
      const port = on({
        ...{ isUp: true, open: (signal) => line.open(signal), close: () => line.close() },
        connect: (...words) => line.connect(...words),
        connectSocket: (...words) => line.connectSocket(...words),
        connectCommand: (...words) => line.connectCommand(...words),
        exec: (command, options, signal) => {
          commands.push(...(options.onWanted === undefined ? [command] : []));
          return line.exec(command, options, signal);
        },
      });
      const awkward = `it's !! "\\n" \\' $HOME \`id\` ü %s ~\n!$`;
      const text = `printf '%s' ${shellQuote(awkward)}; exit 3`;
      expect(await port.read({ text, as: 'login', mayBeSeen: true }, never)).toEqual({
        ...{ exitCode: 3, stdout: awkward, stderr: '', isCut: false },
      });
      expect(commands).toHaveLength(1);
    },
  );

  it('says who may become root, who may with a password, and who may not', async () => {
    const said = await Promise.all(
      ['deploy', 'careful', 'plain'].map(async (user) => (await as(user).info(never)).sudo),
    );
    expect(said).toEqual(['passwordless', 'password', 'none']);
  });

  it(`takes ${String(floodMegabytes)} MB on stderr without a stall, keeps both ends and says what is cut`, async () => {
    const notes = new Notes();
    const flood = `echo first >&2; head -c ${String(floodMegabytes)}M /dev/zero | tr '\\0' '\\n' >&2; echo 'the last word' >&2; exit 3`;

    const state = await as('deploy').run(job('flood', flood), notes, never);

    expect(state).toMatchObject({
      status: 'ended',
      parts: [{ status: 'failed', exitCode: 3, summary: 'the last word' }],
    });
    expect(notes.errors[0]).toBe('first');
    expect(notes.errors.some((line) => line.includes('what follows was not kept'))).toBe(true);
    await as('deploy').cleanUp('limits', never);
  }, 300_000);

  it('shows bytes that are no text and escape sequences as harmless characters', async () => {
    const notes = new Notes();
    await as('deploy').run(
      job('odd', `head -c 1000000 /dev/zero | tr '\\0' x; printf '\\na\\377\\033[31mred\\033c\\n'`),
      notes,
      never,
    );
    expect(notes.lines).toEqual([
      `${'x'.repeat(65_536)} … (934464 more characters of this line are not shown)`,
      'a\ufffdred\u241bc',
    ]);
  });

  it('ends the whole process group of a command that waits for what it will never get', async () => {
    const notes = new Notes();
    const abort = new AbortController();
    // Its own input is empty, so it waits for a pipe that nobody writes to, as a child of a child.
    const waits = `mkfifo /tmp/never.pipe; echo waiting; sh -c 'sh -c "read -r word </tmp/never.pipe"; :'; :`;
    const running = as('deploy').run(job('waits', waits), notes, abort.signal);
    await notes.until(() => notes.lines.includes('waiting'));
    expect(await app.run('sh', '-c', 'pgrep -cf "[n]ever.pipe"')).not.toBe('0');

    abort.abort();

    await expect(running).rejects.toMatchObject({ code: 'STEP_STOPPED' });
    expect(await app.run('sh', '-c', 'pgrep -cf "[n]ever.pipe" || :')).toBe('0');
  });
});
