import { afterAll, beforeAll } from 'vitest';
import { createDatabaseAdapter } from '../../main/connections/database/database-adapter.js';
import { dialDirectly } from '../../main/connections/database/dial.js';
import type { Dial } from '../../main/connections/database/dial.js';
import { createHostAdapter } from '../../main/connections/host/host-adapter.js';
import type { DatabasePort } from '../../main/connections/ports.js';
import type { Cluster } from '../lab/database/cluster.mjs';
import { describeDatabasePort } from './database-port.contract.js';
import type { DatabaseWorld } from './database-port.contract.js';
import { asAdmin, endSessions, passwordsOf } from './database-world.js';
import { startPrivateSshd } from './private-sshd.js';
import type { PrivateSshd } from './private-sshd.js';
import { SshTestLine } from './ssh-test-line.js';
import { startCluster, stopCluster } from '../integration/database/watched-cluster.js';

let cluster: Cluster;
let sshd: PrivateSshd;
let line: SshTestLine;
const opened: DatabasePort[] = [];

beforeAll(async () => {
  cluster = await startCluster();
  sshd = await startPrivateSshd();
  line = new SshTestLine(sshd, sshd.port);
});
afterAll(async () => {
  await Promise.all(opened.map((port) => port.close()));
  await line.close();
  await sshd.stop();
  await stopCluster(cluster);
});

type Way = { readonly host: string; readonly isTls: boolean; readonly dial: () => Dial };

function worldOf({ host, isTls, dial }: Way): DatabaseWorld {
  let port: DatabasePort | null = null;
  return {
    expected: { database: 'tradewizard', user: 'app', isTls },
    port: () => {
      port ??= createDatabaseAdapter({
        name: 'main',
        secret: 'main',
        place: {
          host,
          port: cluster.port,
          database: 'tradewizard',
          user: 'app',
          tls: isTls ? 'verify-full' : 'off',
        },
        ca: cluster.ca,
        address: `${host}:${String(cluster.port)}`,
        dial: dial(),
        passwords: passwordsOf(cluster),
      });
      opened.push(port);
      return port;
    },
    asAdmin: (sql) => asAdmin(cluster, sql),
    cut: () => endSessions(cluster),
  };
}

const questions = { ask: () => Promise.reject(new Error('Nobody is asked here.')) };

describeDatabasePort(
  'a server',
  worldOf({ host: '127.0.0.1', isTls: false, dial: () => dialDirectly }),
);
describeDatabasePort(
  'a server over TLS',
  worldOf({ host: 'localhost', isTls: true, dial: () => dialDirectly }),
);
describeDatabasePort(
  'a server through a host',
  worldOf({
    host: '127.0.0.1',
    isTls: false,
    dial: () => {
      const host = createHostAdapter(line, { name: 'db-1', questions });
      return (to, port, signal) => host.connect(to, port, signal);
    },
  }),
);
