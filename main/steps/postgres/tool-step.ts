import { AppError } from '../../../shared/errors/app-error.js';
import type { Json } from '../../../shared/json.js';
import type { ToolPlace } from '../../connections/ports.js';
import { changeHead } from '../host/host-step.js';
import { readScripted } from '../host/scripted-kind.js';
import type { ScriptedSpec } from '../host/scripted-kind.js';
import type { JobSite, ScriptedKind } from '../step-kind.js';
import { mustNameSchemas } from './must-name-schemas.js';
import { toolHead } from './tool-script.js';

/** One kind of change of a database that PostgreSQL's own programs make, where they are: detached wherever there is a host. */
export type ToolStepSpec<P extends { readonly database: string }, B extends Json> = ScriptedSpec<
  P,
  B
> & {
  /** As `HostStepSpec.script`; before it stands `toolHead`. Values come into it by `shellQuote` alone. */
  script(params: P, before: B, place: ToolPlace): string;
  undoScript?(params: P, before: B, place: ToolPlace): string;
  /** Shell for `toolHead` of `script`; reads only. */
  meanwhile?(params: P): string;
};

export function defineToolStep<P extends { readonly database: string }, B extends Json>(
  spec: ToolStepSpec<P, B>,
): ScriptedKind {
  const { params, before, common } = readScripted(spec);
  return {
    ...common,
    isReversible: spec.undoScript !== undefined,
    saysLittle: false,
    capture: async (p, context) => {
      const { database } = params(p);
      // Through a pooler that shares sessions no dump or restore is whole: refused before anything is begun.
      const info = await context.connections.database(database).mustBeDirect(context.signal);
      mustNameSchemas(spec.kind, p, info);
      const { name, kind, reason, survivesLaptop } = await context.connections
        .databaseTools(database)
        .place(context.signal);
      context.emit(`${name}: ${reason}`);
      if (kind === 'local' || !survivesLaptop) {
        context.emit('These programs run on this laptop: they end when it does. Keep it awake.');
      }
      return common.capture(p, context);
    },
    siteName: (p) => JSON.stringify(['tools', params(p).database]),
    site: async (p, connections, signal) => {
      const place = await connections.databaseTools(params(p).database).place(signal);
      const { host: port, as, connection } = place;
      return { port, as, secrets: (asked) => connection.secrets(asked), tools: place };
    },
    script: (p, b, site) => {
      const place = toolsOf(site);
      const head = toolHead(place, spec.kind, spec.meanwhile?.(params(p)) ?? '');
      return changeHead + head + spec.script(params(p), before(b), place);
    },
    closeScript: () => null,
    undoScript: (p, b, site) => {
      if (spec.undoScript === undefined) {
        throw new AppError('STEP_IRREVERSIBLE', `${spec.kind} cannot be taken back.`);
      }
      const place = toolsOf(site);
      const head = toolHead(place, spec.kind, '');
      return changeHead + head + spec.undoScript(params(p), before(b), place);
    },
  };
}

function toolsOf({ tools }: JobSite): ToolPlace {
  if (tools === null) {
    throw new Error('A database step needs the place of its programs.');
  }
  return tools;
}
