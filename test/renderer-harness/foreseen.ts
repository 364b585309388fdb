import type { Foresight } from '../../shared/plan/foresight.js';
import type { RunState } from '../../shared/run/state.js';

export const foreseenIn = ({ steps }: RunState, unit: unknown): readonly Foresight[] =>
  steps.some(({ plan }) => plan.unit === unit && plan.kind === 'postgres.restore')
    ? foreseenLoss
    : foreseen;

/** What a cutover of the pretended service would make different. */
const foreseen: readonly Foresight[] = [
  {
    about: 'settings',
    title: 'parcel-tracker ↔ parcel-tracker-next',
    changes: [
      { what: 'image', from: '9e12b613cf8e', to: '81614c85b3e8', because: 'target' },
      {
        what: 'environment variable APP_VERSION',
        from: '#7c1f09aa',
        to: '#02be4410',
        because: 'target',
      },
      {
        what: 'label org.opencontainers.image.version',
        from: '#91d0c3f7',
        to: '#5ab0e122',
        because: 'target',
      },
      { what: 'Cmd', from: '#aa310b5c', to: '#c0417e9d', because: 'target' },
      {
        what: 'label lastgood.run',
        from: null,
        to: '7f3a0000-0000-4000-8000-000000000001',
        because: 'console',
      },
      { what: 'Memory', from: '268435456', to: null, because: 'lost' },
    ],
    carried: [
      '7 environment variables',
      '3 labels',
      '1 published port',
      '2 mounts',
      '2 networks',
      'Ulimits',
      'RestartPolicy',
    ],
    obstacles: [],
    warnings: [
      'Managed by Compose project depot: the next “docker compose up” replaces this container by the version that the file names. Before that, set the image of tracker in /srv/depot/compose.yaml to the version you go back to.',
    ],
  },
];

/** What a restore of the pretended database would replace, as the console words it. */
const foreseenLoss: readonly Foresight[] = [
  {
    about: 'data',
    title: 'the rows of main, and those in /backups/nightly.dump',
    changes: [
      { what: 'public.agent_signals', from: '48211 rows', to: '47090 rows', because: 'rows' },
      { what: 'public.markets', from: '1204 rows', to: '1200 rows', because: 'rows' },
    ],
    carried: ['public.recommendations', 'public.schema_migrations', 'public.settings'],
    obstacles: ['In the way: view top_markets reads markets. The restore will not be begun.'],
    warnings: [
      'Predicted loss, counted just now (2026-11-25T14:05:09Z):',
      'Back to 2026-11-25T02:00:00.123456Z.',
      'public.agent_signals: 48211 rows now, 47090 in the backup (1121 fewer after it), 1121 newer by created_at.',
      'public.markets: 1204 rows now, 1200 in the backup (4 fewer after it), 6 newer by created_at.',
      'As many rows as in the backup: public.recommendations, public.schema_migrations, public.settings.',
      'No time column is named for public.schema_migrations, public.settings.',
      'Rows that were changed or replaced since cannot be seen by counting: they go back too.',
    ],
  },
];
