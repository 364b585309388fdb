import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createDockerAdapter } from '../../main/connections/docker-adapter.js';
import type { DockerPort, LogLine } from '../../main/connections/ports.js';
import { followServiceLog } from '../../main/runs/service-log.js';
import type { LogEntry } from '../../shared/ipc/views.js';
import { specOf } from '../contract/docker-world.js';
import { OwnEngine } from '../lab/own-engine.mjs';
import { realEngine } from './real-engine.js';

const signal = AbortSignal.timeout(300_000);
let engine: OwnEngine;
let port: DockerPort;
let serial = 0;

beforeAll(async () => {
  // Containers outlive the daemon, so that they go on writing while nobody can listen.
  engine = await OwnEngine.start({ isLiveRestored: true });
  await engine.takeImages(realEngine().socket, ['v1.1.0']);
  port = createDockerAdapter(engine.socket);
}, 120_000);
afterAll(() => engine.remove());

/** A container that runs this program. */
async function made(program: string, more: { Tty?: boolean; name?: string } = {}) {
  serial += 1;
  const { name = `talker-${String(serial)}`, ...rest } = more;
  const spec = { ...specOf('lab-service:v1.1.0'), Cmd: ['/usr/bin/node', '-e', program], ...rest };
  return { name, ...(await port.create(name, spec, signal)) };
}

async function wholeLog(
  program: string,
  more: { Tty?: boolean } = {},
): Promise<readonly LogLine[]> {
  const { id } = await made(program, more);
  const lines: LogLine[] = [];
  await port.start(id, signal);
  await port.followLog(
    id,
    { tail: Number.MAX_SAFE_INTEGER, onLine: (line) => lines.push(line) },
    signal,
  );
  await port.remove(id, signal);
  return lines;
}

const textsOf = (lines: readonly LogLine[], stream: LogLine['stream']): string[] =>
  lines.filter((line) => line.stream === stream).map(({ text }) => text);

test('a storm of 100 000 short lines is complete, in order and each on its stream', async () => {
  const lines = await wholeLog(
    `let o='',e='';for(let i=0;i<50000;i++){o+='out '+i+'\\n';e+='err '+i+'\\n'}process.stdout.write(o);process.stderr.write(e)`,
  );
  const numbered = (word: string) =>
    Array.from({ length: 50_000 }, (_, index) => `${word} ${index}`);
  expect(textsOf(lines, 'stdout')).toEqual(numbered('out'));
  expect(textsOf(lines, 'stderr')).toEqual(numbered('err'));
});

const lengths = [16_383, 16_384, 16_385, 40_000, 65_000, 3];

/** How long it is, what it ends with, and a mark of the whole. */
function shortOf(text: string): string {
  const mark = createHash('sha256').update(text).digest('hex').slice(0, 8);
  return `${String(text.length)} ${text.slice(-8)} ${mark}`;
}

test.each([false, true])(
  'lines longer than the engine hands over at once come whole (terminal: %s)',
  async (Tty) => {
    const lines = await wholeLog(
      `for(const n of ${JSON.stringify(lengths)})console.log('<'+'x'.repeat(n)+n+'>')`,
      { Tty },
    );
    const expected = lengths.map((length) => `<${'x'.repeat(length)}${String(length)}>`);
    // Not compared as they are: what differs would fill the screen.
    expect(lines.map(({ text }) => shortOf(text))).toEqual(expected.map(shortOf));
  },
);

test('says how much of an endless line is left out', async () => {
  const [line] = await wholeLog(`console.log('x'.repeat(200000))`);
  expect(line?.text).toMatch(/^x{60000,65536} … \(\d+ more bytes\)$/);
});

test('binary noise neither ends the log nor hides a line', async () => {
  const lines = await wholeLog(
    `const b=Buffer.alloc(200000);for(let i=0;i<b.length;i++)b[i]=(i*7919+i%251)&255;process.stdout.write(b);console.log('\\nafter the noise')`,
  );
  expect(lines.at(-1)?.text).toBe('after the noise');
  expect(lines.length).toBeGreaterThan(500);
});

test('nothing is lost or doubled over restarts of the container and of the daemon, and a replacement', async () => {
  const counting = (word: string) =>
    `let i=0;setInterval(()=>{for(let k=0;k<5;k++){console.log('${word} '+i);if(i%3==0)console.error('${word} error '+i);i++}},10)`;
  const { id, name } = await made(counting('old'), { name: 'counted' });
  const heard: LogEntry[] = [];
  const over = new AbortController();
  const following = followServiceLog(
    {
      docker: port,
      container: name,
      isErrorLine: () => false,
      onEntries: (entries) => heard.push(...entries),
      delay: (milliseconds) =>
        new Promise((resolve) => {
          setTimeout(resolve, milliseconds);
        }),
      now: () => new Date().toISOString(),
    },
    over.signal,
  );
  const more = async (count: number): Promise<void> => {
    const wanted = heard.length + count;
    await vi.waitFor(
      () => {
        expect(heard.length).toBeGreaterThan(wanted);
      },
      { timeout: 30_000 },
    );
  };
  await port.start(id, signal);
  await more(100);
  await engine.restart();
  await more(100);
  await engine.restart('SIGKILL');
  await more(100);
  await engine.docker('restart', '--time', '0', name);
  await more(100);

  // Replaced while the daemon goes away: the old one's last lines are read before the new one's.
  const next = await made(counting('new'), { name: 'next' });
  await port.stop(id, 0, signal);
  await port.rename(id, 'kept', signal);
  await port.rename(next.id, name, signal);
  await port.start(next.id, signal);
  await engine.restart();
  await vi.waitFor(
    () => {
      expect(heard.at(-1)?.text).toMatch(/^new/);
    },
    { timeout: 30_000 },
  );
  await port.stop(next.id, 0, signal);
  const everything = async (of: string) =>
    (await port.readLog(of, { tail: Number.MAX_SAFE_INTEGER }, signal)).map(({ text }) => text);
  const whole = [...(await everything(id)), ...(await everything(next.id))];
  const texts = () => heard.filter(({ stream }) => stream !== 'mark').map(({ text }) => text);
  await vi.waitFor(
    () => {
      expect(texts()).toHaveLength(whole.length);
    },
    { timeout: 30_000 },
  );
  expect(texts()).toEqual(whole);
  over.abort();
  await following;
});
