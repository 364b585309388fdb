import type { Light } from '../../shared/ipc/views.js';
import type { RunId } from '../../shared/run/events.js';
import type { Client } from '../ipc/client.js';
import type { Action } from '../ui/actions/action.js';
import type { DialogSpec } from '../ui/actions/dialog-spec.js';

/** What can be done about a host that is not reached, or that somebody else has locked. */
export function hostActions(
  { runId, lights, client }: { runId: RunId; lights: readonly Light[]; client: Client },
  ask: (dialog: DialogSpec) => void,
): readonly Action[] {
  return lights.flatMap(({ name, state, uses, lockedBy }): readonly Action[] => {
    if (lockedBy !== undefined) {
      return [breakLock(runId, name, lockedBy, client, ask)];
    }
    // Only hosts say what is used to reach them; an engine's socket is tried by itself.
    return state === 'bad' && uses !== undefined
      ? [
          {
            id: `connect-${name}`,
            label: `Connect to ${name} again`,
            key: null,
            tone: 'quiet',
            run: async () => {
              await client.request('connections.connect', { runId, host: name });
            },
          },
        ]
      : [];
  });
}

function breakLock(
  runId: RunId,
  host: string,
  lockedBy: string,
  client: Client,
  ask: (dialog: DialogSpec) => void,
): Action {
  return {
    id: `break-lock-${host}`,
    label: `Break the lock on ${host}…`,
    key: null,
    tone: 'danger',
    detail: `Held by ${lockedBy}.`,
    run: () => {
      ask({
        title: `Break the lock on ${host}`,
        text: 'Another console says that it works here. Two rollbacks at once can leave the service broken: talk to that person first. The reason stands in the journal and on the host.',
        lines: [`locked by ${lockedBy}`],
        fields: [
          {
            kind: 'textarea',
            name: 'reason',
            label: 'Why the lock may be broken',
            placeholder: 'Spoke to them: their laptop died, they do nothing more',
          },
        ],
        confirm: `Break the lock on ${host}`,
        isDanger: true,
        submit: async ({ reason = '' }) => {
          await client.request('connections.breakLock', { runId, host, reason });
        },
      });
    },
  };
}
