import type { Route } from '../router.js';
import { actionRoutes } from './action-routes.js';
import { containerRoutes } from './container-routes.js';
import { eventRoutes } from './event-routes.js';
import { imageRoutes } from './image-routes.js';
import { logRoutes } from './log-routes.js';
import { networkRoutes } from './network-routes.js';
import { registryRoutes } from './registry-routes.js';
import { serviceLogRoutes } from './service-log-routes.js';
import { statsRoutes } from './stats-routes.js';
import { swarmRoutes } from './swarm-routes.js';
import { systemRoutes } from './system-routes.js';
import { waitRoutes } from './wait-routes.js';

/** The whole of the engine's interface that the range plays; every other path answers 404. */
export const routes: readonly Route[] = [
  ...systemRoutes,
  ...imageRoutes,
  ...registryRoutes,
  ...containerRoutes,
  ...actionRoutes,
  ...waitRoutes,
  ...logRoutes,
  ...statsRoutes,
  ...eventRoutes,
  ...networkRoutes,
  ...swarmRoutes,
  ...serviceLogRoutes,
];
