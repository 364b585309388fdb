import { AppError } from '../../../shared/errors/app-error.js';
import type { Json } from '../../../shared/json.js';
import { meetsHealth } from '../../../shared/runbook/health.js';
import type { HealthExpectation } from '../../../shared/runbook/schema.js';
import type { HttpPort } from '../../connections/ports.js';

const requestTimeoutMs = 2_000;

export type ServiceLook = { readonly isHealthy: boolean; readonly text: string };

type LookOptions = {
  readonly timeoutMs?: number;
  /** Also over a connection that was used since the last change. */
  readonly mayReuse?: boolean;
};

export function addressOf(url: string, path: string): string {
  return new URL(path, url).href;
}

/** One question to the health address. No answer is a finding; a host that asks for us and is away has seen nothing, and is thrown. */
export async function lookAtService(
  http: HttpPort,
  url: string,
  health: HealthExpectation,
  signal: AbortSignal,
  { timeoutMs = requestTimeoutMs, ...ways }: LookOptions = {},
): Promise<ServiceLook> {
  try {
    const request = {
      method: 'GET',
      url: addressOf(url, health.path),
      timeoutMs,
      ...ways,
    } as const;
    const { isMet, text, shown } = meetsHealth(await http.request(request, signal), health);
    return { isHealthy: isMet, text: `${text}${shownText(shown)}` };
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'HTTP_NO_ANSWER') {
      return { isHealthy: false, text: thrown.message.replace(/\.$/, '') };
    }
    throw thrown;
  }
}

/** For whoever waits: while the host that asks is away, waiting longer may help. */
export function hostIsAway(thrown: unknown): ServiceLook {
  const isAway =
    thrown instanceof AppError &&
    (thrown.code === 'HOST_UNREACHABLE' || thrown.code === 'HOST_LINE_LOST');
  if (!isAway) {
    throw thrown;
  }
  return { isHealthy: false, text: thrown.message.replace(/\.$/, '') };
}

function shownText(shown: Readonly<Record<string, Json>>): string {
  const fields = Object.entries(shown).map(([name, value]) =>
    `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`.slice(0, 100),
  );
  return fields.length === 0 ? '' : ` (${fields.join(', ')})`;
}
