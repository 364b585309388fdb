import { describe, expect, test } from 'vitest';
import type { DialogSpec } from '../../../../../renderer/ui/actions/dialog-spec.js';
import type { RunEvent } from '../../../../../shared/run/events.js';
import {
  lossToConfirm,
  predictedLoss,
  undoLossWords,
} from '../../../../../shared/run/predicted-loss.js';
import type { RunState } from '../../../../../shared/run/state.js';
import { healthy, planned, foldEvents, readyToExecute } from '../../../../fakes/sample-run.js';
import { deskAfter } from '../../../../fakes/step-desk.js';

/** Everything that is said above what is typed. */
const readIn = (dialog: DialogSpec | undefined): string =>
  [...(dialog?.facts ?? []).map((fact) => fact.text), dialog?.text ?? ''].join('\n');

const restore = planned('restore', { kind: 'postgres.restore', risk: 'destroy' });
const text = 'public.markets: 12 rows now, 10 in the backup (2 fewer after it).';
const chosen = (state: 'amber' | 'red'): RunEvent => ({
  type: 'target.chosen',
  target: healthy,
  from: null,
  preview: [
    { id: 'loss', title: 'Predicted loss', state, text, checkedAt: '2026-01-01T00:00:00Z' },
  ],
});

test.each([
  'postgres.restore',
  'postgres.restore-tables',
  'postgres.swap',
  'postgres.migrate-down',
])('%s is never approved without a word about what it takes away', async (kind) => {
  const { actions, asked, sent } = deskAfter([chosen('amber')], [{ ...restore, kind }]);

  await actions.primary?.run();

  expect(sent).toEqual([]);
  expect(readIn(asked[0])).toContain(text);
  expect(readIn(asked[0])).toContain('2026-01-01T00:00:00Z');
});

test('the word is given also where nothing has to be typed', async () => {
  const harmless = { ...restore, risk: 'change' as const };
  const { actions, asked, sent } = deskAfter([chosen('amber')], [harmless]);

  await actions.primary?.run();

  expect(sent).toEqual([]);
  expect(readIn(asked[0])).toContain(text);
});

test('a loss that nobody could see is asked about as such', async () => {
  const { actions, asked, sent } = deskAfter([chosen('red')], [restore]);

  await actions.primary?.run();

  expect(sent).toEqual([]);
  expect(readIn(asked[0])).toContain('Nobody can say what this takes away.');
});

test('nothing is asked where no data is replaced', () => {
  const run = foldEvents([...readyToExecute([planned('start')]), chosen('amber')]);

  expect(lossToConfirm(run, run.steps)).toEqual([]);
  expect(predictedLoss(run)).toContain(text);
});

test('the figures in the dialog are those of now, not of the decision', async () => {
  const now = 'public.markets: 15 rows now, 10 in the backup (5 fewer after it).';
  const change = {
    what: 'public.markets',
    from: '15 rows',
    to: '10 rows',
    because: 'rows',
  } as const;
  const foresee = () =>
    Promise.resolve([
      {
        about: 'data' as const,
        title: 'rows',
        changes: [change],
        carried: [],
        obstacles: [],
        warnings: [now],
      },
    ]);
  const { actions, asked } = deskAfter([chosen('amber')], [restore], { foresee });

  await actions.primary?.run();

  expect(readIn(asked[0])).toContain(now);
  expect(readIn(asked[0])).not.toContain(text);
});

test('what stands in the way is the first thing that is read, and marked', async () => {
  const obstacle = 'In the way: view v reads markets. The restore will not be begun.';
  const seen = { about: 'data' as const, title: 'rows', changes: [], carried: [] };
  const foresee = () =>
    Promise.resolve([{ ...seen, obstacles: [obstacle], warnings: ['Counted.\nBack to then.'] }]);
  const { actions, asked } = deskAfter([chosen('amber')], [restore], { foresee });

  await actions.primary?.run();

  expect(asked[0]?.facts?.slice(0, 3)).toEqual([
    { text: obstacle, tone: 'bad' },
    { text: 'Counted.' },
    { text: 'Back to then.' },
  ]);
});

test.each([
  [
    'another step of the unit compared settings',
    'settings',
    [{ what: 'image', from: 'a', to: 'b', because: 'target' }],
  ],
  ['the rows could not be counted in time', 'data', []],
] as const)(
  'the figures of the decision stay in the dialog where %s',
  async (_why, about, changes) => {
    const foresee = () =>
      Promise.resolve([
        {
          about,
          title: 'web',
          changes: [...changes],
          carried: [],
          obstacles: [],
          warnings: ['Mind.'],
        },
      ]);
    const { actions, asked } = deskAfter([chosen('amber')], [restore], { foresee });

    await actions.primary?.run();

    expect(readIn(asked[0])).toContain('Mind.');
    expect(readIn(asked[0])).toContain(text);
  },
);

test('figures that could not be taken anew are shown with their time, and that is said', async () => {
  const foresee = () => Promise.reject(new Error('The line is down.'));
  const { actions, asked, sent } = deskAfter([chosen('amber')], [restore], { foresee });

  await actions.primary?.run();

  expect(sent).toEqual([]);
  expect(readIn(asked[0])).toContain('could not be counted anew: The line is down.');
  expect(readIn(asked[0])).toContain('2026-01-01T00:00:00Z');
});

describe('while the loss is still being counted', () => {
  const counting = { looking: restore.unit };

  test('it is not approved, and why is said', () => {
    const { actions } = deskAfter([chosen('amber')], [restore], counting);

    expect(actions.primary?.refusal).toContain('still being counted');
  });

  test('it can be approved knowingly, with what was known before and that it is not known now', async () => {
    const foresee = () => Promise.reject(new Error('This must not be waited for.'));
    const { actions, asked, sent } = deskAfter([chosen('amber')], [restore], {
      ...counting,
      foresee,
    });

    await actions.others.find(({ key }) => key === 'W')?.run();

    expect(sent).toEqual([]);
    expect(readIn(asked[0])).toContain('not known yet');
    expect(readIn(asked[0])).toContain(text);
    expect(asked[0]?.fields.map(({ name }) => name)).toEqual(['version', 'host']);
  });

  test.each([
    ['another unit is looked at', restore, 'cutover'],
    ['no data is replaced', planned('start', { kind: 'systemd.start' }), 'start'],
    ['it is known', restore, null],
  ])('nothing waits where %s', (_why, step, looking) => {
    const { actions } = deskAfter([chosen('amber')], [step], { looking });

    expect(actions.primary?.refusal ?? null).toBeNull();
    expect(actions.others.map(({ key }) => key)).not.toContain('W');
  });
});

const start = planned('start', { kind: 'systemd.start' });
const ran = (...ids: readonly string[]): RunState => {
  const run = foldEvents(readyToExecute([restore, start]));
  const steps = run.steps.map((step) =>
    ids.includes(step.plan.id) ? { ...step, attempt: 1, status: 'succeeded' as const } : step,
  );
  return { ...run, steps };
};

test('once the writers were started, the undo of a restore is said to lose what they wrote', () => {
  const run = ran('restore', 'start');

  expect(undoLossWords(run, run.steps).join()).toContain('loses data');
});

test('before they were started, it loses nothing', () => {
  const run = ran('restore');

  expect(undoLossWords(run, run.steps)).toEqual([]);
});
