import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Notes, never } from './host-world.js';
import type { HostWorld } from './host-world.js';

/** Every argument and every variable of every process that can be looked at. */
function processTexts(): string {
  const texts: string[] = [];
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    for (const file of ['cmdline', 'environ']) {
      try {
        texts.push(readFileSync(`/proc/${pid}/${file}`, 'latin1'));
      } catch {
        // It has ended, or it is somebody else's.
      }
    }
  }
  return texts.join('\n');
}

const slow = { timeout: 20_000 };

export function describeJobSecrets(name: string, makeWorld: () => Promise<HostWorld>): void {
  describe(`secrets of jobs on ${name}`, () => {
    let world: HostWorld;
    beforeEach(async () => {
      world = await makeWorld();
    });
    afterEach(async () => {
      await world.otherPort.cleanUp('secrets', never);
      await world.cleanUp();
    });

    const secretOf = (): string => `geheim-'"$x\`-${randomUUID()}`;
    const job = (secret: string, script: string) => ({
      id: { runId: 'secrets', name: 'one' },
      as: 'login' as const,
      parts: [{ name: 'part', script }],
      secrets: [
        { variable: 'LASTGOOD_PASSFILE', content: `${secret}\n` },
        { variable: 'LASTGOOD_CA', content: 'second' },
      ],
    });

    test('the parts read them from files of their account alone, and nothing else shows them', async () => {
      const secret = secretOf();
      const { folder } = world;
      const script = `stat -c %a "$LASTGOOD_PASSFILE"; cat "$LASTGOOD_CA"; echo
printf '%s' "$LASTGOOD_PASSFILE" >${folder}/where; cp "$LASTGOOD_PASSFILE" ${folder}/seen; true >${folder}/ready
until [ -e ${folder}/go ]; do sleep 0.05; done`;
      const notes = new Notes();
      const running = world.port.run(job(secret, script), notes, never);
      await notes.until(() => notes.lines.length >= 2);
      await expect.poll(() => readdirSync(folder), slow).toContain('ready');
      const samples = [processTexts(), processTexts(), processTexts()];
      const { writeFileSync } = await import('node:fs');
      writeFileSync(join(folder, 'go'), '');

      expect(await running).toMatchObject({ status: 'ended', parts: [{ status: 'done' }] });
      expect(notes.lines).toEqual(['600', 'second']);
      expect(readFileSync(join(folder, 'seen'), 'utf8')).toBe(`${secret}\n`);
      expect(samples.filter((text) => text.includes(secret))).toEqual([]);
      const place = readFileSync(join(folder, 'where'), 'utf8');
      expect(readdirSync(join(place, '..')).filter((file) => file.endsWith('.secret'))).toEqual([]);
      expect(notes.all.join('\n')).not.toContain(secret);
    });

    test.each([
      ['is cancelled', 'trap - TERM'],
      ['has to be killed', "trap '' TERM"],
    ])('they are gone when the job %s', async (_how, trap) => {
      const { folder } = world;
      const script = `${trap}
printf '%s' "$LASTGOOD_PASSFILE" >${folder}/where; true >${folder}/ready
while :; do sleep 1; done`;
      const running = world.port.run(job(secretOf(), script), new Notes(), never);
      await expect.poll(() => readdirSync(folder), slow).toContain('ready');
      const place = readFileSync(join(folder, 'where'), 'utf8');
      expect(statSync(place).isFile()).toBe(true);
      await world.otherPort.cancel({ runId: 'secrets', name: 'one' }, never);
      await running;

      expect(readdirSync(join(place, '..')).filter((file) => file.endsWith('.secret'))).toEqual([]);
    });

    test('a name that is no variable begins nothing', async () => {
      const unfit = { ...job('x', 'true'), secrets: [{ variable: 'A;B', content: 'x' }] };
      await expect(world.port.run(unfit, new Notes(), never)).rejects.toMatchObject({
        code: 'JOB_UNFIT',
      });
    });
  });
}
