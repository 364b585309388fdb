import type { HomeView, RunSummary } from '../../shared/ipc/views.js';
import type { RunId } from '../../shared/run/events.js';
import type { Runbook } from '../../shared/runbook/schema.js';

export const emptyHome: HomeView = {
  services: [],
  problems: [
    {
      file: 'runbooks/parcel.yaml',
      line: 12,
      column: 5,
      message: 'service.port: expected a number, found "three"',
    },
  ],
  unfinished: [],
  recent: [],
};

export function homeOf(runId: RunId, runbook: Runbook): HomeView {
  const summary: RunSummary = {
    runId,
    kind: 'drill',
    runbookId: runbook.id,
    service: runbook.service.name,
    environment: 'practice',
    tier: 'practice',
    operator: 'operator',
    startedAt: new Date(Date.now() - 12.2 * 86_400_000).toISOString(),
    fromVersion: 'v1.2.0',
    toVersion: 'v1.1.0',
    phase: 'rolled back',
    outcome: 'rolled-back',
    isAttached: false,
    unknownSteps: [],
    rollbackSeconds: 400,
    downtimeSeconds: 4.2,
    unhealthySeconds: 190,
    improvements: 'Keep the phone numbers of the platform team at hand.',
    problem: null,
    owner: null,
  };
  const faults = [
    {
      name: 'ignores-stop',
      title: 'Container ignores stop',
      text: 'The old container does not end when asked; the grace period runs out.',
    },
    {
      name: 'never-healthy',
      title: 'Health never green',
      text: 'The replacement starts and never answers that it is healthy.',
    },
  ];
  const procedures = [{ id: 'docker', title: 'Docker', refusal: null }];
  return {
    services: [
      {
        runbookId: runbook.id,
        service: runbook.service.name,
        title: runbook.service.title,
        source: 'built in',
        procedures: [{ id: 'docker', title: 'Docker' }],
        environments: [
          {
            name: 'practice',
            tier: 'practice',
            url: 'http://127.0.0.1:1',
            procedures,
            hosts: [],
            faults,
            lastDrill: summary,
            lastIncident: null,
            drillDueInDays: 78,
            openRunId: null,
          },
          {
            name: 'app-1',
            tier: 'production',
            url: 'http://app-1:3000',
            procedures,
            hosts: [],
            faults: [],
            lastDrill: null,
            lastIncident: null,
            drillDueInDays: null,
            openRunId: runId,
          },
          {
            name: 'staging',
            tier: 'staging',
            url: 'http://localhost:3000',
            procedures: [
              {
                id: 'docker',
                title: 'Docker',
                refusal: 'Docker: staging has no engine “docker”.',
              },
              { id: 'systemd', title: 'systemd service', refusal: null },
              { id: 'git', title: 'Git checkout', refusal: null },
            ],
            hosts: [{ name: 'app-1', address: 'deploy@app-1.example' }],
            faults: [],
            lastDrill: { ...summary, outcome: 'rolled-forward' },
            lastIncident: summary,
            drillDueInDays: -3,
            openRunId: null,
          },
        ],
      },
    ],
    problems: [],
    unfinished: [
      {
        ...summary,
        kind: 'incident',
        environment: 'app-1',
        tier: 'production',
        outcome: null,
        phase: 'executing',
        unknownSteps: ['Stop old'],
        startedAt: new Date(Date.now() - 1_900_000).toISOString(),
      },
      {
        ...summary,
        runId: '7f3a0000-0000-4000-8000-000000000003' as never,
        kind: 'incident',
        environment: 'staging',
        tier: 'staging',
        outcome: null,
        phase: 'executing',
        owner: {
          pid: 4711,
          hostname: 'laptop-7',
          user: 'deploy',
          since: new Date(Date.now() - 400_000).toISOString(),
          isElsewhere: true,
        },
      },
    ],
    recent: [
      summary,
      {
        ...summary,
        runId: '7f3a0000-0000-4000-8000-000000000002' as never,
        kind: 'incident',
        tier: 'production',
        environment: 'app-1',
        outcome: 'rolled-forward',
        rollbackSeconds: null,
        problem: 'The hash of line 41 is not the one that line 42 builds upon.',
      },
    ],
  };
}
