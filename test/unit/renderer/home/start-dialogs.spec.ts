import { expect, test, vi } from 'vitest';
import {
  drillDialog,
  incidentDialog,
  nothingPossible,
} from '../../../../renderer/home/start-dialogs.js';
import type { EnvironmentItem } from '../../../../renderer/home/home-items.js';
import type { EnvironmentCard } from '../../../../shared/ipc/views.js';

function item(procedures: EnvironmentCard['procedures']): EnvironmentItem {
  const environment: EnvironmentCard = {
    name: 'staging',
    tier: 'staging',
    url: 'http://localhost:3000',
    faults: [],
    lastDrill: null,
    lastIncident: null,
    drillDueInDays: null,
    openRunId: null,
    procedures,
    hosts: [{ name: 'app-1', address: 'app-1' }],
  };
  const service = {
    runbookId: 'monitor',
    service: 'monitor',
    title: 'Monitor',
    source: 'built in',
    procedures: procedures.map(({ id, title }) => ({ id, title })),
    environments: [environment],
  };
  return { kind: 'environment', key: 'one', service, environment };
}

const docker = {
  id: 'docker',
  title: 'Docker',
  refusal: 'Docker: staging has no engine “docker”.',
};
const systemd = { id: 'systemd', title: 'systemd', refusal: null };
const git = { id: 'git', title: 'Git', refusal: null };

test('only what is possible can be chosen, and why not the rest is said', () => {
  const { fields, lines } = drillDialog(item([docker, systemd, git]), vi.fn());

  expect(fields).toMatchObject([
    { initial: 'systemd', choices: [{ value: 'systemd' }, { value: 'git' }] },
  ]);
  expect(lines).toEqual(['Not possible here. Docker: staging has no engine “docker”.']);
});

test('where one is possible it is started without a question', async () => {
  const start = vi.fn(() => Promise.resolve());
  const { fields, submit } = incidentDialog(item([docker, systemd]), start);
  await submit({});

  expect(fields).toEqual([]);
  expect(start).toHaveBeenCalledWith(expect.objectContaining({ procedureId: 'systemd' }));
});

test('what will be used to reach hosts is shown before anything is connected', () => {
  const plan = [{ host: 'app-1', lines: ['as deploy on app-1.example:22'] }];

  expect(drillDialog(item([systemd]), vi.fn(), plan).lines).toEqual([
    'app-1:',
    '  as deploy on app-1.example:22',
  ]);
});

test('where nothing is possible nothing is offered, and why is said', () => {
  expect(nothingPossible(item([docker]))).toBe(docker.refusal);
  expect(nothingPossible(item([systemd]))).toBeNull();
});
