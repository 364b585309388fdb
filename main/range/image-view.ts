import { createHash } from 'node:crypto';
import { configView } from './host-config-view.js';
import type { ImageRecord, World } from './world.js';

/** `GET /images/{name}/json` */
export function imageView(image: ImageRecord): unknown {
  return {
    Id: image.id,
    RepoTags: image.tags,
    RepoDigests: image.digests,
    Parent: '',
    Comment: '',
    Created: image.createdAt,
    DockerVersion: '',
    Author: '',
    Config: configView(image.config),
    Architecture: 'amd64',
    Os: 'linux',
    Size: image.sizeBytes,
    VirtualSize: image.sizeBytes,
    GraphDriver: { Data: null, Name: 'overlay2' },
    RootFS: {
      Type: 'layers',
      Layers: [`sha256:${createHash('sha256').update(`layer ${image.id}`).digest('hex')}`],
    },
    Metadata: { LastTagTime: image.createdAt },
  };
}

/** One entry of `GET /images/json` */
export function imageListView(image: ImageRecord, world: World): unknown {
  return {
    Id: image.id,
    ParentId: '',
    RepoTags: image.tags,
    RepoDigests: image.digests,
    Created: Math.floor(Date.parse(image.createdAt) / 1_000),
    Size: image.sizeBytes,
    VirtualSize: image.sizeBytes,
    SharedSize: -1,
    Labels: image.config.Labels ?? null,
    Containers: world.containers.filter(({ imageId }) => imageId === image.id).length,
  };
}
