import type { ContainerSpec, ImageDetails } from '../../connections/ports.js';
import { asObject, asTexts, isEmpty } from './json-difference.js';
import type { JsonObject } from './json-difference.js';

/** What a container made of this will show as its settings: where the request says nothing, the image speaks. */
export function expectedConfig(spec: ContainerSpec, { config: image }: ImageDetails): JsonObject {
  const { HostConfig: _host, NetworkingConfig: _networks, Labels: labels, ...own } = spec;
  const given = Object.fromEntries(Object.entries(own).filter(([, value]) => !isEmpty(value)));
  return {
    ...image,
    ...given,
    Env: joinEnvironment(asTexts(own['Env']), asTexts(image['Env'])),
    Labels: { ...asObject(image['Labels']), ...labels },
    ExposedPorts: { ...asObject(image['ExposedPorts']), ...asObject(own['ExposedPorts']) },
    Volumes: { ...asObject(image['Volumes']), ...asObject(own['Volumes']) },
    Healthcheck: { ...asObject(image['Healthcheck']), ...asObject(own['Healthcheck']) },
    ...expectedCommand(own, image),
  };
}

/** An entry point of one's own switches the image's command off. */
function expectedCommand(own: JsonObject, image: JsonObject): JsonObject {
  const { Entrypoint: entrypoint = null, Cmd: command = null } = own;
  return isEmpty(entrypoint)
    ? {
        Entrypoint: image['Entrypoint'] ?? null,
        Cmd: isEmpty(command) ? (image['Cmd'] ?? null) : command,
      }
    : { Entrypoint: entrypoint, Cmd: command };
}

function joinEnvironment(own: readonly string[], image: readonly string[]): string[] {
  const names = new Set(own.map(nameOfEntry));
  return [...own, ...image.filter((entry) => !names.has(nameOfEntry(entry)))];
}

export function nameOfEntry(entry: string): string {
  return entry.split('=')[0] ?? '';
}
