import { chmodSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostsMayBeMissing } from '../real-hosts.js';
import { ContainerLab } from './container-lab.js';
import { labDatabaseRunbook } from './lab-runbook.js';
import { openProcedurePlace } from './procedure-place.js';
import type { ProcedurePlace } from './procedure-place.js';

const counts = `select (select count(*) from markets) || ' ' || (select count(*) from agent_signals)`;

describe.skipIf(hostsMayBeMissing)('a database in a container, its programs in it too', () => {
  let place: ProcedurePlace;
  let lab: ContainerLab;
  beforeAll(async () => {
    lab = await ContainerLab.start();
    place = await openProcedurePlace();
  });
  afterAll(async () => {
    await place.close();
    await lab.stop();
  });

  it.each(['database', 'database-beside'])(
    '%s goes back to the backup by work that runs in the container, which stays as it was',
    async (id) => {
      const port = await lab.run(id);
      const backups = path.join(lab.folder, `backups-${id}`);
      mkdirSync(backups);
      chmodSync(backups, 0o777);
      const dump = `pg_dump -h /tmp -U postgres -Fc -f ${backups}/old.dump tradewizard`;
      await lab.engine.docker('exec', id, 'sh', '-c', dump);
      const before = await lab.sql(id, counts);
      await lab.sql(id, 'delete from agent_signals where id < 100');
      expect(await lab.sql(id, counts)).not.toBe(before);

      const container = { name: id, socket: lab.engine.socket };
      const asked = { port, database: 'tradewizard', backups, container };
      const drilled = await place.drill(labDatabaseRunbook(asked), id, 'old.dump');

      expect(drilled.result, drilled.said).toMatchObject({ outcome: 'rolled-back' });
      expect(await lab.sql(id, counts)).toBe(before);
      await expect.poll(() => lab.foreign(id), { timeout: 20_000 }).toEqual([]);
      expect(lab.hasNeverCrashed(id)).toBe(true);
    },
  );

  it('touches nothing where a program is missing in the container, and names it', async () => {
    const name = 'bare';
    const port = await lab.run(name);
    const backups = path.join(lab.folder, 'backups-bare');
    mkdirSync(backups);
    chmodSync(backups, 0o777);
    const dump = `pg_dump -h /tmp -U postgres -Fc -f ${backups}/old.dump tradewizard; rm /usr/bin/awk`;
    await lab.engine.docker('exec', name, 'sh', '-c', dump);
    const before = await lab.sql(name, counts);

    const container = { name, socket: lab.engine.socket };
    const asked = { port, database: 'tradewizard', backups, container };
    const drilled = await place.drill(labDatabaseRunbook(asked), 'database', 'old.dump');

    expect(drilled.result.outcome).not.toBe('rolled-back');
    expect(drilled.said).toContain('there is no awk where');
    expect(await lab.sql(name, counts)).toBe(before);
    expect(await place.machine.run('systemctl', 'is-active', 'lab-service')).toBe('active');
  });
});
