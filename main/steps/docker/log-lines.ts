import type { ContainerDetails, DockerPort, LogLine } from '../../connections/ports.js';

/** More than this since its start is counted from the newest backwards. */
const mostLines = 10_000;

/** Every line since the container last started; what a former life of it wrote does not count. */
export async function linesSinceStart(
  port: DockerPort,
  container: ContainerDetails,
  signal: AbortSignal,
): Promise<readonly LogLine[]> {
  const since = container.startedAt === null ? {} : { since: container.startedAt };
  return port.readLog(container.id, { tail: mostLines, ...since }, signal);
}

export function matching(lines: readonly LogLine[], pattern: string): readonly LogLine[] {
  const expression = new RegExp(pattern);
  return lines.filter((line) => expression.test(line.text));
}

export function countText(count: number, singular: string): string {
  return count === 0 ? `no ${singular}s` : `${count} ${count === 1 ? singular : `${singular}s`}`;
}
