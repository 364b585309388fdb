import type { Call } from './docker-transport.js';
import type { ContainerSpec, LooseObject } from './docker-types.js';
import { compareApi } from './docker-versions.js';

export type Endpoints = Readonly<Record<string, LooseObject>>;

/** Engines before API 1.44 take one network at create; the others are joined before anything is started. */
export function splitNetworks(
  spec: ContainerSpec,
  apiVersion: string,
): { readonly now: Endpoints; readonly later: Endpoints } {
  const endpoints = Object.entries(spec.NetworkingConfig.EndpointsConfig);
  if (endpoints.length < 2 || compareApi(apiVersion, '1.44') >= 0) {
    return { now: spec.NetworkingConfig.EndpointsConfig, later: {} };
  }
  const first =
    endpoints.find(([network]) => network === spec.HostConfig['NetworkMode']) ?? endpoints[0];
  return {
    now: Object.fromEntries(endpoints.filter((endpoint) => endpoint === first)),
    later: Object.fromEntries(endpoints.filter((endpoint) => endpoint !== first)),
  };
}

export function joiningCalls(id: string, endpoints: Endpoints): readonly Call[] {
  return Object.entries(endpoints).map(([network, endpoint]) => ({
    what: `join network ${network}`,
    method: 'POST',
    path: `/networks/${encodeURIComponent(network)}/connect`,
    body: { Container: id, EndpointConfig: endpoint },
    notFound: 'container',
  }));
}
