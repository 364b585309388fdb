import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { DatabasePort } from '../../main/connections/ports.js';

/** A database that is made anew for the suite, with the tables of the lab. */
export type DatabaseWorld = {
  readonly port: () => DatabasePort;
  readonly expected: { readonly database: string; readonly user: string; readonly isTls: boolean };
  /** Says something as the server's own administrator, over a way of its own. */
  readonly asAdmin: (sql: string) => Promise<string>;
  /** Breaks every line that `port` holds. */
  readonly cut: () => Promise<void>;
};

const never = new AbortController().signal;

export function describeDatabasePort(name: string, world: DatabaseWorld): void {
  describe(`a database port on ${name}`, () => {
    const port = (): DatabasePort => world.port();
    const count = async (): Promise<string | null | undefined> =>
      (await port().read('SELECT count(*) AS n FROM settings', [], never))[0]?.['n'];

    test('says who answers', async () => {
      const info = await port().info(never);

      expect(info).toMatchObject({ ...world.expected, pooler: null, flavour: 'plain' });
      expect(info.serverVersion).toBeGreaterThan(120_000);
      expect(info.systemIdentifier).toMatch(/^\d{10,}$/);
      expect(info.schemas).toEqual(['public']);
      expect(await port().mustBeDirect(never)).toEqual(info);
    });

    test('reads every value as text, without losing a digit, a microsecond or the zone', async () => {
      const sql = `SELECT 9223372036854775807::bigint AS large, 0.10::numeric(20,2) AS money,
        'infinity'::timestamptz AS forever, '2026-01-01 12:00:00.123456+02'::timestamptz AS at,
        '2026-01-01'::date AS day, NULL::int AS nothing, true AS yes, $1::text AS given, 1e-7::float8 AS small`;

      expect(await port().read(sql, ["it's"], never)).toEqual([
        {
          large: '9223372036854775807',
          money: '0.10',
          forever: 'infinity',
          at: '2026-01-01 10:00:00.123456+00',
          day: '2026-01-01',
          nothing: null,
          yes: 't',
          given: "it's",
          small: '1e-07',
        },
      ]);
    });

    test('refuses to write while it reads, and to take two statements for one', async () => {
      const write = port().read("INSERT INTO settings VALUES ('x', 'y')", [], never);
      await expect(write).rejects.toMatchObject({ code: 'DATABASE_REFUSED' });
      const two = port().read('SELECT 1; SELECT 2', [], never);
      await expect(two).rejects.toMatchObject({ code: 'DATABASE_REFUSED' });
      expect(await port().read('SELECT 1 AS one', [], never)).toEqual([{ one: '1' }]);
    });

    test('reads many rows in order, some at a time', async () => {
      const sizes: number[] = [];
      let last = '';
      const onRows = (rows: readonly Readonly<Record<string, string | null>>[]): Promise<void> => {
        sizes.push(rows.length);
        last = rows.at(-1)?.['n'] ?? '';
        return Promise.resolve();
      };
      await port().readMany('SELECT generate_series(1, $1::int) AS n', ['5000'], onRows, never);

      expect(last).toBe('5000');
      expect(sizes.length).toBeGreaterThan(1);
    });

    test('answers several questions of one moment, and goes on behind one that took too long', async () => {
      const key = randomUUID();
      const limits = { withinMs: 200, lockMs: 200 };
      const sql = 'SELECT count(*) AS n FROM settings';
      const [first, late, refused, last] = await port().readTogether(async (ask) => {
        const before = await ask(sql, limits);
        await world.asAdmin(`INSERT INTO settings VALUES ('${key}', 'x')`);
        const slow = await ask('SELECT pg_sleep(600)', limits);
        const after = await ask(sql, limits);
        await world.asAdmin(`DELETE FROM settings WHERE name = '${key}'`);
        return [before, slow, await ask('SELECT 1 AS one', limits), after];
      }, never);

      expect(late).toBeNull();
      expect(refused).toEqual([{ one: '1' }]);
      expect(last).toEqual(first);
      const write = port().readTogether(
        (ask) => ask("INSERT INTO settings VALUES ('x', 'y')", limits),
        never,
      );
      await expect(write).rejects.toMatchObject({ code: 'DATABASE_REFUSED' });
    });

    test('commits all or nothing, and the server remembers which', async () => {
      const key = randomUUID();
      const insert = { sql: 'INSERT INTO settings VALUES ($1, $2)', values: [key, 'one'] };
      const before = Number(await count());
      const ids: string[] = [];
      const onTransaction = (id: string): Promise<void> => {
        ids.push(id);
        return Promise.resolve();
      };

      await port().transact([insert], never, onTransaction);
      const again = port().transact([{ sql: 'SELECT 1' }, insert], never, onTransaction);
      await expect(again).rejects.toMatchObject({ code: 'DATABASE_REFUSED' });

      expect(Number(await count())).toBe(before + 1);
      const outcomes = ids.map((id) => port().outcomeOf(id, never));
      expect(await Promise.all(outcomes)).toEqual(['committed', 'aborted']);
      expect(await port().outcomeOf('999999999999', never)).toBe('not known');
    });

    test('says nothing was committed where the caller could not write down what it begins', async () => {
      const before = await count();
      const done = port().transact(
        [{ sql: "INSERT INTO settings VALUES (gen_random_uuid()::text, 'x')" }],
        never,
        () => Promise.reject(new Error('the disk is full')),
      );

      await expect(done).rejects.toThrow('the disk is full');
      expect(await count()).toBe(before);
    });

    test('a sealed statement cannot commit by itself; one that is not is found out', async () => {
      const before = Number(await count());
      const sql = "INSERT INTO settings VALUES (gen_random_uuid()::text, 'x'); COMMIT; SELECT 1";
      const sealed = port().transact([{ sql, isSealed: true }], never);
      await expect(sealed).rejects.toMatchObject({ code: 'DATABASE_REFUSED' });
      expect(Number(await count())).toBe(before);

      const loose = port().transact([{ sql }, { sql: 'SELECT 2' }], never);
      await expect(loose).rejects.toMatchObject({ code: 'DATABASE_ESCAPED' });
      expect(Number(await count())).toBe(before + 1);
    });

    test('stopping cancels the statement on the server', async () => {
      const stop = new AbortController();
      const mark = `mark-${randomUUID()}`;
      const running = `SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%${mark}%' AND pid <> pg_backend_pid()`;
      const waiting = port().read(`SELECT pg_sleep(600), '${mark}'`, [], stop.signal);
      waiting.catch(() => undefined);
      await expect.poll(() => world.asAdmin(running)).toBe('1');
      stop.abort();

      await expect(waiting).rejects.toMatchObject({ code: 'STEP_STOPPED' });
      await expect.poll(() => world.asAdmin(running)).toBe('0');
      expect(await port().read('SELECT 1 AS one', [], never)).toEqual([{ one: '1' }]);
    });

    test('makes and renames a database from another one, and reaches it as a sibling', async () => {
      const [one, two] = [`one_${randomUUID().slice(0, 8)}`, `two_${randomUUID().slice(0, 8)}`];
      await port().execute(`CREATE DATABASE ${one}`, { maintenance: true }, never);
      const there = await port().sibling(one).read('SELECT current_database() AS name', [], never);
      expect(there).toEqual([{ name: one }]);
      await port().execute(`ALTER DATABASE ${one} RENAME TO ${two}`, { maintenance: true }, never);
      const info = await port().sibling(two).info(never);
      expect(info.database).toBe(two);
      await port().execute(`DROP DATABASE ${two}`, { maintenance: true }, never);
    });

    test('a line that broke while it stood idle is made anew', async () => {
      await port().info(never);
      await world.cut();
      expect(await port().read('SELECT 1 AS one', [], never)).toEqual([{ one: '1' }]);
    });

    test('a line that breaks in the middle is said, and nothing of the transaction stays', async () => {
      const before = await count();
      const done = port().transact(
        [
          { sql: "INSERT INTO settings VALUES (gen_random_uuid()::text, 'x')" },
          { sql: 'SELECT pg_sleep(600)' },
        ],
        never,
        () => {
          void expect
            .poll(() => world.asAdmin(sleeping))
            .toBe('1')
            .then(() => world.cut());
          return Promise.resolve();
        },
      );

      await expect(done).rejects.toMatchObject({ code: 'DATABASE_LINE_LOST' });
      await expect.poll(count).toBe(before);
    });
  });
}

const sleeping = `SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'`;
