import type { Foresight } from '../../shared/plan/foresight.js';

/** What a cutover of the pretended service would make different. */
export const foreseen: readonly Foresight[] = [
  {
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
    warnings: [
      'Managed by Compose project depot: the next “docker compose up” replaces this container by the version that the file names. Before that, set the image of tracker in /srv/depot/compose.yaml to the version you go back to.',
    ],
  },
];
