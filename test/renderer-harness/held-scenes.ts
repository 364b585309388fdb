import type { PlannedStep } from '../../shared/plan/planned-step.js';
import type { PreviewItem } from '../../shared/plan/target.js';
import type { FakeMain } from './fake-main.js';
import { fleetPlan } from './fleet-plan.js';
import { plan } from './sample-plan.js';

/** States in which a run is held, only read, or goes on by itself. Each begins where the cutover waits. */
export const heldScenes: Readonly<Record<string, (main: FakeMain) => void>> = {
  paused: (main) => {
    main.record({ type: 'run.paused', by: 'operator', reason: 'waiting for the database team' });
  },
  gate: (main) => {
    main.stepEnds = () => 'hangs';
    main.record({ type: 'mode.changed', mode: 'gate', by: 'operator', reason: '' });
    main.wake();
  },
  overdue: (main) => {
    askAbout(main, 'deadline');
  },
  silent: (main) => {
    askAbout(main, 'silence');
  },
  gap: (main) => {
    main.record({ type: 'clock.jumped', wallSeconds: 611, monotonicSeconds: 10 });
  },
  broken: (main) => {
    main.isAttached = false;
    main.problem = {
      line: 42,
      code: 'JOURNAL_BROKEN',
      message: 'The hash of line 41 is not the one that line 42 builds upon',
    };
  },
  owned: (main) => {
    main.isAttached = false;
    main.owner = {
      pid: 4711,
      hostname: 'laptop-7',
      user: 'deploy',
      since: new Date(Date.now() - 400_000).toISOString(),
      isElsewhere: true,
    };
  },
  halted: (main) => {
    setInterval(() => {
      const message = 'ENOSPC: no space left on device, write';
      main.halt({ code: 'JOURNAL_WRITE_FAILED', message, retryable: true });
    }, 200);
  },
};

function askAbout(main: FakeMain, what: 'deadline' | 'silence'): void {
  const [step] = plan.slice(3);
  if (step === undefined) {
    return;
  }
  main.stepEnds = () => 'hangs';
  main.record({
    type: 'unit.approved',
    unit: 'cutover',
    stepIds: plan.slice(3, 7).map(({ id }) => id),
    by: 'operator',
    typed: null,
    authority: null,
  });
  main.wake();
  main.record({ type: 'step.overdue', stepId: step.id, what, seconds: 130 });
}

/** Plans whose next step a person does, or needs the word of somebody else for. */
export function planOf(scene: string): readonly PlannedStep[] {
  if (scene.startsWith('fleet')) {
    return fleetPlan;
  }
  const restore = {
    kind: 'postgres.restore',
    title: 'Restore',
    summary: 'Replace the schemas public in main by what is in /backups/nightly.dump',
    commands: ['pg_restore -w --single-transaction -n public -d main /backups/nightly.dump'],
    risk: 'destroy' as const,
  };
  const change: Partial<PlannedStep> | undefined = {
    manual: { isManual: true, commands: [] },
    authority: { approvedBy: 'authority' as const },
    restore,
    counting: restore,
    grave: { approvedBy: 'authority' as const, risk: 'destroy' as const, isReversible: false },
  }[scene];
  return change === undefined
    ? plan
    : plan.map((step, index) => (index === 1 ? { ...step, ...change } : step));
}

/** The loss as the preview of a real backup words it. */
export function previewOf(scene: string): PreviewItem[] {
  const text =
    'Back to 2026-11-25T02:00:00.123456Z.\npublic.agent_signals: 48211 rows now, 47090 in the backup (1121 fewer after it), 1121 newer by created_at.\npublic.markets: 1204 rows now, 1200 in the backup (4 fewer after it), 6 newer by created_at.\nAs many rows as in the backup: public.recommendations, public.schema_migrations, public.settings.\nNo time column is named for public.schema_migrations, public.settings.\nRows that were changed or replaced since cannot be seen by counting: they go back too.';
  const checkedAt = '2026-11-25T14:02:00Z';
  return scene === 'restore' || scene === 'counting'
    ? [{ id: 'loss', title: 'Predicted loss', state: 'amber', text, checkedAt }]
    : [];
}
