import type { HostAddress } from '../../../shared/runbook/environment-schema.js';
import type { HostChannels, HostLocks } from '../host-types.js';
import type { HostPort } from '../ports.js';
import type { Questions } from '../questions.js';

/** How the line to a host is, in one word. */
export type LineState = 'up' | 'reconnecting' | 'down';

export type OpenedHost = {
  readonly port: HostPort & HostLocks & HostChannels;
  readonly close: () => Promise<void>;
};

/** Makes the ways to hosts. The pool decides when one is used. */
export interface HostOpener {
  /** Where the passwords of databases come from; left out where none is to be had. */
  readonly questions?: Questions;
  /** Given at the start, by the name of the secret. */
  readonly givenPasswords?: ReadonlyMap<string, string>;
  /** What will be used to reach it, a line each; connects to nothing. */
  describe(address: HostAddress, signal: AbortSignal): Promise<readonly string[]>;
  /** Connects to nothing yet: the port does that when it is first used. */
  open(
    place: { readonly environment: string; readonly address: HostAddress },
    onState: (state: LineState) => void,
  ): OpenedHost;
}
