import fc from 'fast-check';
import { containerParts } from './container-parts.js';
import { idle, imageDefaults } from './image-defaults.js';
import type { ImageDefaults } from './image-defaults.js';
import { networks } from './networks.js';
import type { NetworkPart } from './networks.js';

/** What a combination finds when it is made: two networks and another container under this name, and ports of its own. */
export type Lane = {
  readonly name: string;
  /** The first three numbers of the addresses of its network. */
  readonly subnet: string;
  readonly firstPort: number;
};

/** Options that belong together, as somebody would type them. */
export type Setting = readonly string[];

export type Combination = {
  readonly oldImage: ImageDefaults;
  readonly newImage: ImageDefaults;
  readonly settings: readonly Setting[];
  /** After the image. */
  readonly command: readonly string[];
  /** Arguments of `docker network connect` before the container's name. */
  readonly connects: readonly (readonly string[])[];
  /** In which it is met. */
  readonly state: 'running' | 'paused' | 'stopped' | 'created';
  /** Of the settings, the one that a container which must not pass for the same is made without. */
  readonly leftOut: number;
};

/** Any container that the engine's command line would make, of any two images. */
export function combinations(lane: Lane): fc.Arbitrary<Combination> {
  return networks(lane).chain((network) =>
    fc
      .record({
        oldImage: imageDefaults('old'),
        newImage: imageDefaults('new'),
        parts: containerParts(lane, network.kind),
        process: processes,
        isPrivileged: rarely,
        state: fc.constantFrom('running', 'running', 'paused', 'stopped', 'created' as const),
        leftOut: fc.nat(1_000),
      })
      .map((drawn) => joined(network, drawn)),
  );
}

type Process = { readonly settings: readonly Setting[]; readonly command: readonly string[] };

const rarely = fc.integer({ min: 0, max: 9 }).map((drawn) => drawn === 0);

const ownIdle = idle('own');
const asTheImage: Process = { settings: [], command: [] };
const processes: fc.Arbitrary<Process> = fc.constantFrom(
  asTheImage,
  asTheImage,
  { settings: [], command: ['-e', ownIdle] },
  { settings: [['--entrypoint', '']], command: ['/usr/bin/node', '-e', ownIdle] },
  { settings: [['--entrypoint', '/usr/bin/./node']], command: ['-e', ownIdle] },
);

type Drawn = {
  readonly oldImage: ImageDefaults;
  readonly newImage: ImageDefaults;
  readonly parts: readonly Setting[];
  readonly process: Process;
  readonly isPrivileged: boolean;
  readonly state: Combination['state'];
  readonly leftOut: number;
};

function joined(network: NetworkPart, drawn: Drawn): Combination {
  const { oldImage, newImage, parts, isPrivileged, state, leftOut } = drawn;
  // Of an image without an entry point, none that is cleared can be told.
  const isTold = oldImage.hasEntrypoint || !drawn.process.settings.flat().includes('');
  const process = isTold ? drawn.process : asTheImage;
  const settings = [
    ...network.settings,
    ...parts,
    ...process.settings,
    ...(isPrivileged ? [['--privileged']] : []),
  ];
  return {
    oldImage,
    newImage,
    settings,
    command: process.command,
    connects: network.connects,
    state: isPrivileged || !canRun(process, oldImage, newImage) ? 'created' : met(state, settings),
    leftOut: leftOut % Math.max(settings.length, 1),
  };
}

/** One that removes itself when it ends is not met stopped. */
function met(state: Combination['state'], settings: readonly Setting[]): Combination['state'] {
  return state === 'stopped' && settings.flat().includes('--rm') ? 'running' : state;
}

/** Arguments alone mean something only to an entry point. */
function canRun({ settings, command }: Process, ...images: readonly ImageDefaults[]): boolean {
  return (
    settings.length > 0 || command.length === 0 || images.every((image) => image.hasEntrypoint)
  );
}
