import type { z } from 'zod';
import { AppError } from '../../shared/errors/app-error.js';
import { readAnswer, VersionAnswer } from './docker-answers.js';
import { keepsPolicies, podmanLacks } from './docker/podman.js';
import type { EngineInfo } from './ports.js';

/** The range Lastgood was tried with; engines name theirs in GET /version. */
export const oldestApi = '1.40';
export const newestApi = '1.47';

export function compareApi(left: string, right: string): number {
  const [leftMajor = 0, leftMinor = 0] = left.split('.').map(Number);
  const [rightMajor = 0, rightMinor = 0] = right.split('.').map(Number);
  return leftMajor - rightMajor || leftMinor - rightMinor;
}

export function negotiate(raw: unknown, place: string): EngineInfo {
  const answer = readAnswer('its version', VersionAnswer, raw);
  const podman = podmanVersion(answer);
  if (!/^\d+\.\d+$/.test(answer.ApiVersion)) {
    throw new AppError(
      'DOCKER_ANSWER_UNREADABLE',
      "The engine's answer about its version has no usable ApiVersion.",
    );
  }
  if (compareApi(answer.ApiVersion, oldestApi) < 0) {
    throw new AppError(
      'DOCKER_TOO_OLD',
      `Engine ${answer.Version} speaks API ${answer.ApiVersion}; ${oldestApi} is the oldest that will do.`,
    );
  }
  const least = answer.MinAPIVersion;
  if (least !== undefined && compareApi(least, newestApi) > 0) {
    throw new AppError(
      'DOCKER_TOO_NEW',
      `Engine ${answer.Version} asks for API ${least} at least; this Lastgood knows up to ${newestApi}.`,
    );
  }
  return {
    apiVersion: compareApi(answer.ApiVersion, newestApi) > 0 ? newestApi : answer.ApiVersion,
    engineVersion: answer.Version,
    name: podman === null ? answer.Platform?.Name || 'Docker Engine' : 'Podman',
    place,
    lacks: podman === null ? [] : podmanLacks(podman),
    ...(podman !== null && keepsPolicies(podman) ? { keepsPolicies: true } : {}),
  };
}

/** Podman answers on a socket of its own as if it were Docker, and names itself among its parts. */
function podmanVersion({ Components: parts, Version }: z.infer<typeof VersionAnswer>) {
  const isPodman = parts?.some(({ Name }) => /podman/i.test(Name)) === true;
  return isPodman ? Version : null;
}
