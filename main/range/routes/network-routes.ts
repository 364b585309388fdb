import { volumePath } from '../create-container.js';
import { EngineError } from '../engine-error.js';
import { networkViews } from '../network-view.js';
import { route } from '../router.js';
import type { Route } from '../router.js';
import type { VolumeRecord } from '../world.js';

export const networkRoutes: readonly Route[] = [
  route('GET', '/networks', () => ({ status: 200, body: networkViews() })),
  route('GET', '/networks/{id}', ({ subject }) => {
    const found = networkViews().find(({ Name, Id }) => Name === subject || Id.startsWith(subject));
    if (found === undefined) {
      throw new EngineError(404, `network ${subject} not found`);
    }
    return { status: 200, body: found };
  }),
  route('GET', '/volumes', ({ engine }) => ({
    status: 200,
    body: { Volumes: engine.parts.world.volumes.map(volumeView), Warnings: null },
  })),
  route('GET', '/volumes/{name}', ({ engine, subject }) => {
    const found = engine.parts.world.volumes.find(({ name }) => name === subject);
    if (found === undefined) {
      throw new EngineError(404, `get ${subject}: no such volume`);
    }
    return { status: 200, body: volumeView(found) };
  }),
];

function volumeView({ name, createdAt }: VolumeRecord): unknown {
  return {
    Name: name,
    Driver: 'local',
    Mountpoint: volumePath(name),
    CreatedAt: createdAt,
    Labels: null,
    Options: null,
    Scope: 'local',
  };
}
