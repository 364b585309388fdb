/// <reference types="vite/client" />
import { parse } from 'yaml';
import type { Target } from '../../shared/plan/target.js';
import { Runbook } from '../../shared/runbook/schema.js';
import type { Environment } from '../../shared/runbook/environment-schema.js';
import source from '../fixtures/runbooks/parcel-tracker.yaml?raw';
import { line } from './fake-main.js';
import type { FakeMain } from './fake-main.js';
import { heldScenes, planOf, previewOf } from './held-scenes.js';
import { prepareHosts } from './host-scenes.js';
import { emptyHome, homeOf } from './home-scene.js';
import { plan } from './sample-plan.js';

const runbook = withRegistry(Runbook.parse(parse(source)));

const production: Environment = {
  name: 'app-1',
  tier: 'production',
  url: 'http://app-1:3000',
  engines: [{ name: 'docker', kind: 'docker', socket: '/var/run/docker.sock' }],
  variables: { registry: 'registry.example/parcel-tracker' },
};
const practice: Environment = { ...production, name: 'practice', tier: 'practice' };

const healthy: Target = {
  id: 'sha256:81614c85b3e8',
  version: 'v1.1.0',
  names: ['parcel-tracker:v1.1.0'],
  createdAt: '2026-11-20T10:00:00.000Z',
  sizeBytes: 1_000,
  digest: null,
  isServing: false,
};
const sick: Target = { ...healthy, id: 'sha256:9e12b613cf8e', version: 'v1.2.0', isServing: true };

/** Brings the pretended main to the state that a scene shows. */
export function prepareScene(main: FakeMain, scene: string): void {
  main.home = scene === 'empty' ? emptyHome : homeOf(main.runId, runbook);
  main.lights = [
    { name: 'docker', state: 'ok', text: 'connected' },
    { name: 'log', state: 'checking', text: 'connecting' },
  ];
  main.isCounting = scene === 'counting';
  prepareHosts(main, scene);
  serviceLog(main);
  begin(main, scene);
  if (['decide', 'home', 'empty', 'host-targets'].includes(scene) || scene.startsWith('ask-')) {
    return;
  }
  order(main, scene);
  if (scene !== 'prepare' && scene !== 'fleet-plan') {
    main.record({ type: 'preparation.completed', by: 'operator' });
    play(main, scene);
  }
}

function begin(main: FakeMain, scene: string): void {
  main.record({
    type: 'run.started',
    kind: scene === 'practice' ? 'drill' : 'incident',
    operator: 'operator',
    appVersion: '0.1.0',
    runbook,
    environment: scene === 'practice' ? practice : production,
    procedureId: runbook.procedures[0]?.id ?? '',
    faults: [],
  });
  main.record({
    type: 'health.changed',
    to: 'unhealthy',
    detail: '503',
    sinceMonotonicMs: performance.now(),
  });
}

function order(main: FakeMain, scene: string): void {
  main.record({ type: 'target.chosen', target: healthy, from: sick, preview: previewOf(scene) });
  main.record({
    type: 'rollback.ordered',
    authority: 'team lead',
    operator: 'operator',
    reason: 'a third of all requests fail',
    verdict: 'Roll back',
    steps: [...planOf(scene)],
  });
}

function play(main: FakeMain, scene: string): void {
  const done =
    {
      cutover: 3,
      running: 3,
      failed: 5,
      unknown: 3,
      left: 3,
      rolling: 7,
      done: 7,
      closed: 7,
      first: 0,
      practice: 3,
      typing: 0,
      manual: 1,
      authority: 1,
      grave: 1,
      restore: 1,
      counting: 1,
      fleet: 8,
    }[scene] ?? (scene in heldScenes ? 3 : 0);
  for (const step of planOf(scene).slice(0, done)) {
    main.record({
      type: 'unit.approved',
      unit: step.unit,
      stepIds: [step.id],
      by: 'operator',
      typed: null,
      authority: null,
    });
    main.record({
      type: 'step.started',
      stepId: step.id,
      attempt: 1,
      before: { image: 'sha256:9e12b613cf8e2211aabb', wasRunning: true, restarts: 0 },
    });
    main.log('step', [
      line(step.id, `${step.title}: begun`),
      line(step.id, `\u001b[32m${step.title}\u001b[0m: done`),
    ]);
    main.record({
      type: 'step.succeeded',
      stepId: step.id,
      summary: `${step.title}: as wanted.`,
      wasAlready: false,
    });
  }
  const approveCutover = (): void => {
    const ids = plan.slice(done, 7).map(({ id }) => id);
    main.record({
      type: 'unit.approved',
      unit: 'cutover',
      stepIds: ids,
      by: 'operator',
      typed: null,
      authority: null,
    });
  };
  switch (scene) {
    case 'running':
      main.stepEnds = () => 'hangs';
      approveCutover();
      main.record({
        type: 'health.changed',
        to: 'down',
        detail: 'no answer',
        sinceMonotonicMs: performance.now(),
      });
      main.wake();
      return;
    case 'closed':
      main.record({ type: 'rollback.completed' });
      main.record({
        type: 'run.closed',
        outcome: 'rolled-back',
        reason: 'v1.1.0 serves',
        by: 'operator',
      });
      return;
    case 'failed':
      main.stepEnds = () => 'fails';
      main.stepMs = 1;
      approveCutover();
      main.wake();
      main.record({
        type: 'note.added',
        text: 'Port 3000 is held by the old sidecar, asked the platform team.',
        by: 'operator',
      });
      return;
    case 'left':
    case 'unknown':
      main.stepEnds = () => 'hangs';
      approveCutover();
      main.wake();
      if (scene === 'left') {
        main.isAttached = false;
      } else {
        main.record({
          type: 'step.unknown',
          stepId: plan[3]!.id,
          reason: 'The line to docker broke while it was under way.',
        });
      }
      return;
    case 'rolling':
      main.stepMs = 60_000;
      main.record({
        type: 'roll-forward.requested',
        reason: 'v1.1.0 does not start',
        by: 'operator',
      });
      main.wake();
      return;
    default:
      heldScenes[scene]?.(main);
  }
}

function serviceLog(main: FakeMain): void {
  const texts = [
    'tick 4411: 12 markets',
    'ERROR scheduler: lease lost (x14)',
    'analysis 0x12ab… started',
    'ERROR database: timeout after 3000 ms',
    'analysis 0x12ab… 64 %',
  ];
  for (let index = 0; index < 400; index += 1) {
    const text = texts[index % texts.length] ?? '';
    main.log('service', [{ ...line(null, text), isError: text.startsWith('ERROR') }]);
  }
  setInterval(() => {
    main.log('service', [line(null, `tick at ${new Date().toISOString()}`)]);
  }, 1_000);
}

/** As a runbook is whose environments may name a registry. */
function withRegistry(whole: Runbook): Runbook {
  const procedures = whole.procedures.map((procedure) => {
    const { targets } = procedure;
    return targets.kind === 'docker.images'
      ? { ...procedure, targets: { ...targets, registry: '{{registry}}' } }
      : procedure;
  });
  return { ...whole, procedures };
}
