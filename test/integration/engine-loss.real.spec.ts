import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { listenToEngine } from '../kill/engine-events.mjs';
import { seededRandom } from '../kill/random.mjs';
import { OwnEngine } from '../lab/own-engine.mjs';
import { BrokenRun } from './broken-run.js';
import { CutEngine } from './cut-engine.js';
import type { Cut, Outage } from './cut-engine.js';
import { newPlace } from './docker-procedure.js';
import type { Place } from './docker-procedure.js';
import { listensAfter, realEngine } from './real-engine.js';

const publishedPort = 29_441;
const changing = ['docker.create-replacement', 'docker.stop', 'docker.swap-names', 'docker.start'];
const reading = [
  'docker.find-image',
  'docker.save-log',
  'service.wait-healthy',
  'docker.read-log',
  'service.trigger',
  'docker.check-settings',
  'docker.check-log',
];
let cuts: CutEngine;
let engine: OwnEngine;
let place: Place;
let target = '';

async function up(isLiveRestored: boolean): Promise<void> {
  engine = await OwnEngine.start({ isLiveRestored });
  await engine.takeImages(realEngine().socket, ['v1.1.0', 'v1.2.0']);
  target = await engine.docker('image', 'inspect', '--format', '{{.Id}}', 'lab-service:v1.1.0');
  cuts = new CutEngine(engine.socket);
  await cuts.open();
}

async function down(): Promise<void> {
  cuts.close();
  await engine.remove();
}

const LISTENS_AFTER_MS = 2_000;

async function runOld(): Promise<string> {
  place = newPlace(publishedPort);
  const at = `127.0.0.1:${String(publishedPort)}:3000`;
  return engine.docker(
    ...['run', '--detach', '--name', place.name, '--publish', at],
    // It takes its time before it listens: the wait for it lasts long enough to be broken at any instant.
    ...['--env', `NODE_OPTIONS=${listensAfter(LISTENS_AFTER_MS)}`],
    ...['--restart', 'unless-stopped', 'lab-service:v1.2.0'],
  );
}

afterEach(async () => {
  const all = await engine.docker('ps', '--all', '--quiet');
  await engine.docker('rm', '--force', '--volumes', ...all.split('\n').filter(Boolean));
});

type Count = Readonly<Record<string, number>>;

/** One rollback with one break; what the engine's own account says was done to the containers. */
async function broken(
  kind: string,
  cut: Cut | Outage,
): Promise<{ counts: Count; unknowns: number }> {
  const events = listenToEngine(engine.socket);
  const oldId = await runOld();
  await events.caughtUpTo((all) => all.some(({ action }) => action === 'start'));
  const before = events.all.length;
  const after: (typeof events)[] = [];
  cuts.heal();
  const run = new BrokenRun(cuts, place, target);
  const { meanwhile } = cut;
  const told: Cut | Outage =
    meanwhile === undefined
      ? cut
      : {
          ...cut,
          meanwhile: async () => {
            await meanwhile();
            // The account of before ended with the daemon.
            after.push(listenToEngine(engine.socket));
          },
        };
  try {
    for (const step of run.steps) {
      await run.through(step.kind, { kind, cut: told });
    }
    expect(cuts.broken).not.toBeNull();
    expect(run.world.engine.state.phase).toBe('completed');
    const [now] = JSON.parse(await engine.docker('inspect', place.name)) as [
      { Image: string; Id: string; State: { Running: boolean } },
    ];
    expect(now).toMatchObject({ Image: target, State: { Running: true } });
    const listed = await engine.docker(
      'ps',
      '--all',
      '--no-trunc',
      '--format',
      '{{.ID}} {{.Names}}',
    );
    expect(listed.split('\n').sort()).toEqual(
      [`${now.Id} ${place.name}`, `${oldId} ${place.kept}`].sort(),
    );
    const all = [...events.all.slice(before), ...after.flatMap((one) => one.all)];
    const acts = all.map(({ action }) => action);
    const count = (wanted: string): number => acts.filter((action) => action === wanted).length;
    const counts = {
      create: count('create'),
      rename: count('rename'),
      stop: count('stop'),
      start: count('start'),
      destroy: count('destroy'),
    };
    return { counts, unknowns: run.unknowns };
  } finally {
    for (const one of [events, ...after]) {
      one.close();
    }
    await run.close();
  }
}

const whens = ['after', 'during', 'before'] as const;
const withoutStop = { create: 1, rename: 2, start: 1, destroy: 0 };
const once = { ...withoutStop, stop: 1 };
/** With LASTGOOD_EVERY_CUT=1 the line breaks at every step that asks; a usual run takes some of them. */
const isWhole = process.env['LASTGOOD_EVERY_CUT'] !== undefined;
const asking = isWhole ? [...changing, ...reading] : ['docker.save-log', 'service.trigger'];

/** Drawn anew in each run; a failure names the seed with which the same instants come again. */
const seed = Number(process.env['LASTGOOD_SEED'] ?? Math.floor(Math.random() * 1e6));
const random = seededRandom(seed);
const between = (least: number, most: number): number =>
  Math.round(least + random() * (most - least));
/** Within what each of them waits for at least: the service's start, and the quarter of a second that the job takes. */
const waits = { 'service.wait-healthy': LISTENS_AFTER_MS - 500, 'service.trigger': 200 } as const;
const instants = Array.from({ length: isWhole ? 10 : 1 }, () =>
  Object.entries(waits).map(([kind, most]) => ({
    ...{ kind, atMs: between(1, most), forMs: between(0, 3_000) },
  })),
).flat();

describe('an engine whose line breaks', () => {
  beforeAll(() => up(false), 120_000);
  afterAll(down);

  describe.each(changing)('in the middle of %s', (kind) => {
    const changes = kind === 'docker.swap-names' || kind === 'docker.stop' ? [0, 1] : [0];
    const last = changes.at(-1);
    test.each(
      changes.flatMap((after) =>
        (['before', 'during', 'after'] as const)
          // What takes long is where the line most likely breaks: the graceful stop.
          .filter(
            (when) => isWhole || when !== 'during' || (kind === 'docker.stop' && after === last),
          )
          .map((when) => ({ after, when })),
      ),
    )(
      'at change $after, $when it is carried out: nothing is done twice, and nothing is taken for done that is not',
      async ({ after, when }) => {
        const { counts, unknowns } = await broken(kind, { after, kind: 'change', when });
        // A graceful stop goes on without the line; who looks meanwhile sees it run, and may ask for it once more.
        const isStopUnderWay = kind === 'docker.stop' && when === 'during';
        const { stop, ...others } = counts;
        expect(others).toEqual(withoutStop);
        expect(stop).toBeGreaterThanOrEqual(1);
        expect(stop).toBeLessThanOrEqual(isStopUnderWay ? 2 : 1);
        expect(unknowns).toBe(1);
      },
    );
  });

  test.each(asking)('while %s asks: it goes on where it was', async (kind) => {
    const { counts } = await broken(kind, { after: 0, kind: 'any', when: 'after' });
    expect(counts).toEqual(once);
  });

  test.each(instants)(
    `while $kind waits, after $atMs ms and for $forMs ms (LASTGOOD_SEED=${String(seed)}): it goes on where it was`,
    async ({ kind, ...outage }) => {
      const { counts } = await broken(kind, outage);
      expect(counts).toEqual(once);
    },
  );
});

describe.each(isWhole ? [false, true] : [false])(
  'a daemon that restarts (containers outlive it: %s)',
  (isLiveRestored) => {
    beforeAll(() => up(isLiveRestored), 120_000);
    afterAll(down);

    // In turn in a usual run, where the wait stands for the start; with LASTGOOD_EVERY_CUT=1 each of them, and while the procedure waits.
    const moments = isWhole
      ? changing.flatMap((kind) => whens.map((when) => ({ kind, when })))
      : whens.flatMap((when, at) => changing.slice(at, at + 1).map((kind) => ({ kind, when })));

    test.each(moments)(
      'in the middle of $kind, $when it changes: nothing is done twice',
      async ({ kind, when }) => {
        const { counts, unknowns } = await broken(kind, {
          after: 0,
          kind: 'change',
          when,
          meanwhile: () => engine.restart(),
        });
        // A daemon that ends stops containers and starts them again by itself: only what the run alone does is counted.
        expect(counts).toMatchObject({ create: 1, rename: 2, destroy: 0 });
        // Where the change was under way the daemon may come back without it, and be asked again.
        expect(unknowns).toBeGreaterThanOrEqual(1);
        expect(unknowns).toBeLessThanOrEqual(when === 'during' ? 2 : 1);
      },
    );

    const restarting = isWhole ? reading : ['service.wait-healthy'];
    test.each(restarting)('while %s asks or waits: it goes on where it was', async (kind) => {
      const meanwhile = () => engine.restart();
      const { counts } = await broken(kind, { after: 0, kind: 'any', when: 'before', meanwhile });
      expect(counts).toMatchObject({ create: 1, rename: 2, destroy: 0 });
    });

    test.each(instants.filter(({ kind }) => kind === 'service.wait-healthy'))(
      `while $kind waits, after $atMs ms (LASTGOOD_SEED=${String(seed)}): it goes on where it was`,
      async ({ kind, atMs, forMs }) => {
        const meanwhile = () => engine.restart();
        const { counts } = await broken(kind, { atMs, forMs, meanwhile });
        expect(counts).toMatchObject({ create: 1, rename: 2, destroy: 0 });
      },
    );
  },
);
