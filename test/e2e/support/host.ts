import { randomUUID } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import type { Environment } from '../../../shared/runbook/environment-schema.js';
import { realEngine } from '../../integration/real-engine.js';
import { realHosts } from '../../integration/real-hosts.js';
import { openMachine } from '../../lab/hosts/hosts.mjs';
import type { Machine } from '../../lab/hosts/machine.mjs';
import { test } from './console.js';
import { checkout } from './launch.js';

export { hostsMayBeMissing } from '../../integration/real-hosts.js';
export type { Machine };

/** As whom and where the operator's SSH configuration leads to. */
const ALIAS = 'lab-app';
const WATCH_SECONDS = 1;
const KEY_FILE = '/etc/ssh/ssh_host_ed25519_key.pub';

/** What the operator's list of known hosts says of the machine when the console starts. */
export type Knowledge = 'nothing' | 'its key' | 'another key';

export type Desk = { readonly config: string; readonly knownHosts: string };

/** A machine of the test's own, an SSH configuration that leads to it, and the runbook that names it. */
export const hostTest = test.extend<{ knows: Knowledge; machine: Machine; desk: Desk }>({
  knows: ['its key', { option: true }],
  machine: async ({}, use) => {
    const machineId = randomUUID().replaceAll('-', '');
    const machine = await openMachine(realEngine().socket, 'app', { machineId });
    try {
      await use(machine);
    } finally {
      await machine.remove();
    }
  },
  desk: async ({ home, machine, knows }, use) => {
    await use(await writeDesk(path.join(home, 'ssh'), machine, knows));
  },
  variables: async ({ home, desk }, use) => {
    await writeRunbook(home);
    await use({ LASTGOOD_SSH_CONFIG: desk.config });
  },
});

async function writeDesk(folder: string, machine: Machine, knows: Knowledge): Promise<Desk> {
  const desk = {
    config: path.join(folder, 'config'),
    knownHosts: path.join(folder, 'known_hosts'),
  };
  const place = `[${machine.address}]:${String(machine.port)}`;
  const lines: Readonly<Record<Knowledge, () => Promise<string>>> = {
    nothing: () => Promise.resolve(''),
    'its key': async () => `${place} ${await keyOf(machine)}\n`,
    'another key': async () => `${place} ${await keyOfBastion()}\n`,
  };
  await mkdir(folder, { recursive: true });
  await writeFile(desk.knownHosts, await lines[knows]());
  await writeFile(
    desk.config,
    [
      `Host ${ALIAS}`,
      `  HostName ${machine.address}`,
      `  Port ${String(machine.port)}`,
      '  User deploy',
      `  IdentityFile ${realHosts().keys.lab}`,
      '  IdentitiesOnly yes',
      `  UserKnownHostsFile ${desk.knownHosts}`,
      '  GlobalKnownHostsFile none',
      '',
    ].join('\n'),
  );
  return desk;
}

/** Type and key, read on the machine itself. */
export async function keyOf(machine: Machine): Promise<string> {
  return (await machine.run('cat', KEY_FILE)).split(' ').slice(0, 2).join(' ');
}

/** As the machine's owner would read it out over the telephone. */
export async function fingerprintOf(machine: Machine): Promise<string> {
  const [, fingerprint = ''] = (await machine.run('ssh-keygen', '-lf', KEY_FILE)).split(' ');
  return fingerprint;
}

async function keyOfBastion(): Promise<string> {
  const { hosts, knownHosts } = realHosts();
  const start = `[${hosts.bastion.address}]:${String(hosts.bastion.port)} ssh-ed25519 `;
  const lines = (await readFile(knownHosts, 'utf8')).split('\n');
  const line = lines.find((text) => text.startsWith(start)) ?? '';
  return line.split(' ').slice(1).join(' ');
}

async function writeRunbook(home: string): Promise<void> {
  const template = path.join(checkout, 'test/fixtures/hosts/lab-host.yaml');
  const runbook = parse(await readFile(template, 'utf8')) as {
    readonly environments: readonly Environment[];
  };
  const environments = runbook.environments.map((environment) => ({
    ...environment,
    hosts: (environment.hosts ?? []).map((host) => ({ ...host, address: ALIAS })),
    watchSeconds: WATCH_SECONDS,
  }));
  const folder = path.join(home, 'runbooks');
  await mkdir(folder, { recursive: true });
  await writeFile(
    path.join(folder, 'lab-host.yaml'),
    stringify({ ...runbook, environments }, { aliasDuplicateObjects: false }),
  );
}
