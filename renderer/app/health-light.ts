import type { Light, Probe } from '../../shared/ipc/views.js';
import type { RunState } from '../../shared/run/state.js';

/**
 * The state is the journal's, as the meters have it: a sick version that answers well now and then does not make the
 * light flicker, and whatever the journal has is shown at once. The numbers of the last answer stand beside it only
 * while they say the same. Before the first change is recorded the probe alone is known.
 */
export function healthLight({ health }: RunState, probe: Probe): Light {
  const state = health.at(-1)?.state ?? probe.state;
  switch (state) {
    case 'serving':
      return { name: servingName(probe), state: 'ok', text: 'serving' };
    case 'unhealthy':
      return { name: 'Health', state: 'bad', text: 'unhealthy' };
    case 'down':
      return { name: 'Health', state: 'bad', text: 'down, no answer' };
    case 'not-measured':
      return { name: 'Health', state: 'checking', text: 'not measured' };
  }
}

function servingName({ state, status, milliseconds }: Probe): string {
  if (state !== 'serving' || status === null) {
    return 'Health';
  }
  const speed = milliseconds === null ? '' : `, ${Math.round(milliseconds)} ms`;
  return `Health ${status}${speed}`;
}
