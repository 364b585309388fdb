import type { DatabasePlace } from '../../../shared/runbook/database-address.js';
import { shellQuote } from '../../steps/shell-quote.js';
import type { DatabaseInfo, ToolPlace } from '../database-types.js';
import type { HostPort, RunAs } from '../ports.js';
import { choosePrograms, majorOf } from './choose-programs.js';
import { findScript, readPrograms } from './find-programs.js';
import { toolConnection } from './tool-connection.js';

export type Candidate = {
  readonly kind: ToolPlace['kind'];
  readonly name: string;
  readonly as: RunAs;
  readonly host: HostPort;
  readonly dials: { readonly host: string; readonly port: number } | null;
  readonly survivesLaptop: boolean;
};

export type PlaceQuestion = {
  readonly candidate: Candidate;
  readonly place: DatabasePlace;
  readonly ca: string | undefined;
  readonly info: DatabaseInfo;
  readonly password: (signal: AbortSignal) => Promise<string>;
};

export type Looked =
  { readonly place: ToolPlace } | { readonly isTooOld: boolean; readonly text: string };

/** Looks for the programs there and whether the server answers from there. Starts nothing and needs no password. */
export async function lookAtPlace(question: PlaceQuestion, signal: AbortSignal): Promise<Looked> {
  const { candidate, info, place, ca, password } = question;
  const { name, host, as, kind, survivesLaptop, dials } = candidate;
  const found = await host.read({ text: findScript, as }, signal);
  const no = (text: string, isTooOld = false) => ({ isTooOld, text: `${name}: ${text}` });
  const { sets, canDetach } = readPrograms(found.stdout);
  if (!canDetach) {
    return no('nothing there can detach work (no setsid)');
  }
  const choice = choosePrograms(sets, majorOf(info.serverVersion));
  if ('problem' in choice) {
    return no(choice.text, choice.problem === 'too-old');
  }
  const { programs, reason } = choice;
  const connection = toolConnection({
    name: info.name,
    place,
    ca,
    dials,
    psql: programs.psql.path,
    systemIdentifier: info.systemIdentifier,
    password,
  });
  if (!(await answersThere(candidate, programs.psql.path, connection.environment(), signal))) {
    return no('the database does not answer from there');
  }
  const after = survivesLaptop
    ? 'long work goes on there when this laptop does not'
    : 'what runs here ends with this laptop';
  const tools = { kind, name, host, as, survivesLaptop, programs, connection };
  return { place: { ...tools, reason: `${name}: ${reason}; ${after}.` } };
}

/** `pg_isready` comes with psql; a refusal is an answer, too. It sends no password, so it need not know whom it asks. */
async function answersThere(
  { host, as }: Candidate,
  psql: string,
  environment: string,
  signal: AbortSignal,
): Promise<boolean> {
  const program = `${psql.slice(0, psql.lastIndexOf('/'))}/pg_isready`;
  const text = `${environment}export PGSSLMODE=prefer
[ -x ${shellQuote(program)} ] || exit 0
${shellQuote(program)} -q -t 10
`;
  const { exitCode } = await host.read({ text, as }, signal);
  return exitCode === 0 || exitCode === 1;
}
