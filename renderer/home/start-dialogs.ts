import type { Input } from '../../shared/ipc/contract.js';
import type { EnvironmentCard, HostPlan } from '../../shared/ipc/views.js';
import { tierWords } from '../text/format.js';
import type { DialogField, DialogSpec } from '../ui/actions/dialog-spec.js';
import type { EnvironmentItem } from './home-items.js';

type Start = (input: Input<'runs.start'>) => Promise<void>;

/** `hosts`: what will be used to reach the hosts of the environment, found out before anything is connected. */
export function drillDialog(
  item: EnvironmentItem,
  start: Start,
  hosts: readonly HostPlan[] = [],
): DialogSpec {
  const { service, environment } = item;
  const improvements = environment.lastDrill?.improvements.trim() ?? '';
  const isReal = environment.tier !== 'practice';
  return {
    title: `Start a drill: ${service.service} on ${environment.name}`,
    text: isReal
      ? `${tierWords[environment.tier]} is real: the steps of this drill really change it.`
      : 'On the practice range. Nothing there is real: break it as you like.',
    ...linesOf([
      ...(improvements === '' ? [] : [`To improve, from the last drill: ${improvements}`]),
      ...refusedLines(item),
      ...hostLines(hosts),
    ]),
    fields: [
      ...procedureField(item),
      ...(environment.faults.length === 0
        ? []
        : [
            {
              kind: 'checks' as const,
              name: 'faults',
              label: 'Faults to deal with (none for a first drill)',
              choices: environment.faults.map(({ name, title, text }) => ({
                value: name,
                label: title,
                text,
              })),
            },
          ]),
    ],
    confirm: 'Start the drill',
    isDanger: isReal,
    submit: (values) =>
      start({ ...inputOf(item, values), kind: 'drill', faults: listOf(values['faults']) }),
  };
}

export function incidentDialog(
  item: EnvironmentItem,
  start: Start,
  hosts: readonly HostPlan[] = [],
): DialogSpec {
  const { service, environment } = item;
  return {
    title: `Start an incident: ${service.service} on ${environment.name}`,
    text: 'Looks and measures at once, changes nothing. The rollback clock starts when the rollback is ordered.',
    ...linesOf([...refusedLines(item), ...hostLines(hosts)]),
    fields: procedureField(item),
    confirm: 'Start the incident',
    submit: (values) => start({ ...inputOf(item, values), kind: 'incident', faults: [] }),
  };
}

function inputOf(
  { service, environment }: EnvironmentItem,
  values: Readonly<Record<string, string>>,
) {
  return {
    runbookId: service.runbookId,
    environment: environment.name,
    procedureId: values['procedure'] ?? possible(environment)[0]?.id ?? '',
  };
}

function procedureField({ environment }: EnvironmentItem): readonly DialogField[] {
  const choices = possible(environment);
  const [first] = choices;
  return first === undefined || choices.length === 1
    ? []
    : [
        {
          kind: 'choice',
          name: 'procedure',
          label: 'How to roll back',
          initial: first.id,
          choices: choices.map(({ id, title }) => ({ value: id, label: title })),
        },
      ];
}

function possible({ procedures }: EnvironmentCard): EnvironmentCard['procedures'] {
  return procedures.filter(({ refusal }) => refusal === null);
}

/** Why there is nothing to start here, or null. */
export function nothingPossible({ environment }: EnvironmentItem): string | null {
  return possible(environment).length > 0
    ? null
    : environment.procedures.map(({ refusal }) => refusal).join(' ');
}

function refusedLines({ environment }: EnvironmentItem): readonly string[] {
  const refused = environment.procedures.flatMap(({ refusal }) => refusal ?? []);
  return refused.map((why) => `Not possible here. ${why}`);
}

function hostLines(hosts: readonly HostPlan[]): readonly string[] {
  return hosts.flatMap(({ host, lines }) => [`${host}:`, ...lines.map((line) => `  ${line}`)]);
}

function linesOf(lines: readonly string[]): Pick<DialogSpec, 'lines'> {
  return lines.length === 0 ? {} : { lines };
}

function listOf(joined: string | undefined): string[] {
  return (joined ?? '').split(',').filter((name) => name !== '');
}
