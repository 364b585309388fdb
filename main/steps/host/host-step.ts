import { AppError } from '../../../shared/errors/app-error.js';
import type { Json } from '../../../shared/json.js';
import type { RunAs } from '../../connections/ports.js';
import { alreadyExitCode } from '../../connections/ports.js';
import type { ScriptedKind } from '../step-kind.js';
import { scriptHead } from './look.js';
import { readScripted } from './scripted-kind.js';
import type { ScriptedSpec } from './scripted-kind.js';

/** One kind of change on a host. It acts by a script that runs detached there, so it goes on when the line drops. */
export type HostStepSpec<P extends { readonly host: string }, B extends Json> = ScriptedSpec<
  P,
  B
> & {
  runAs(params: P): RunAs;
  /** True where both scripts print a few lines at most, by `say`, and begin nothing but the system's own short programs. */
  readonly saysLittle?: boolean;
  /**
   * POSIX sh. Looks first and ends with `already TEXT` where there is nothing to do; makes the change; proves it, and
   * ends with 0 only then. `fail TEXT` says what is wrong. The last line of its output is the step's summary. Values come
   * into it by `shellQuote` alone.
   */
  script(params: P, before: B): string;
  /** Puts `before` back, likewise. May run twice, and after a script that never began. */
  undoScript?(params: P, before: B): string;
  /** Takes away what was kept for undo alone. Runs when the run is closed; its last line says by name what is gone. */
  closeScript?(params: P, before: B): string;
};

/** Begins every script that changes something. What was done holds on a full disk too, where nothing can be said of it. */
export const changeHead = `${scriptHead}say() { printf '%s\\n' "$*" || :; }
already() {
  say "$1"
  exit ${String(alreadyExitCode)}
}
`;

export function defineHostStep<P extends { readonly host: string }, B extends Json>(
  spec: HostStepSpec<P, B>,
): ScriptedKind {
  const { params, before, common } = readScripted(spec);
  return {
    ...common,
    isReversible: spec.undoScript !== undefined,
    saysLittle: spec.saysLittle ?? false,
    siteName: (p) => JSON.stringify([params(p).host, spec.runAs(params(p))]),
    site: (p, connections) =>
      Promise.resolve({
        port: connections.host(params(p).host),
        as: spec.runAs(params(p)),
        secrets: () => Promise.resolve([]),
        tools: null,
      }),
    script: (p, b) => changeHead + spec.script(params(p), before(b)),
    undoScript: (p, b) => {
      if (spec.undoScript === undefined) {
        throw new AppError('STEP_IRREVERSIBLE', `${spec.kind} cannot be taken back.`);
      }
      return changeHead + spec.undoScript(params(p), before(b));
    },
    closeScript: (p, b) =>
      spec.closeScript === undefined ? null : changeHead + spec.closeScript(params(p), before(b)),
  };
}
