import type { Json } from '../../../shared/json.js';
import { parseAs } from '../step-kind.js';
import type { ScriptedKind, StepKind } from '../step-kind.js';

/** What a scripted kind says of itself; how it acts, and where, is added by what makes it. */
export type ScriptedSpec<P, B extends Json> = Omit<
  StepKind<P, B>,
  'act' | 'verify' | 'undo' | 'isManual' | 'isGlance' | 'wantsQuiet'
>;

type Common = Omit<
  ScriptedKind,
  'saysLittle' | 'siteName' | 'site' | 'script' | 'undoScript' | 'closeScript' | 'isReversible'
>;

/** Parses at the edge, as `defineStep` does. */
export function readScripted<P, B extends Json>(
  spec: ScriptedSpec<P, B>,
): {
  readonly params: (raw: Json) => P;
  readonly before: (raw: Json) => B;
  readonly common: Common;
} {
  const params = (raw: Json): P => parseAs(spec.kind, 'params', spec.params, raw);
  const before = (raw: Json): B => parseAs(spec.kind, 'before', spec.before, raw);
  return {
    params,
    before,
    common: {
      kind: spec.kind,
      risk: spec.risk,
      repeatable: spec.repeatable,
      isManual: false,
      isGlance: false,
      capturesAnew: false,
      wantsQuiet: false,
      startsWriters: spec.startsWriters ?? false,
      describe: (p) => spec.describe(params(p)),
      commands: (p) => spec.commands(params(p)),
      undoText: (p) => spec.undoText(params(p)),
      observe: async (p, context, b) =>
        spec.observe(params(p), context, b === null ? null : before(b)),
      capture: async (p, context) => spec.capture(params(p), context),
      foresee: async (p, context) => (await spec.foresee?.(params(p), context)) ?? null,
      foreseeUndo: async (p, b, context) =>
        (await spec.foreseeUndo?.(params(p), before(b), context)) ?? [],
    },
  };
}
