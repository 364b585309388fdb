import type { Input } from '../../shared/ipc/contract.js';
import { tierWords } from '../text/format.js';
import type { DialogField, DialogSpec } from '../ui/actions/dialog-spec.js';
import type { EnvironmentItem } from './home-items.js';

type Start = (input: Input<'runs.start'>) => Promise<void>;

export function drillDialog(item: EnvironmentItem, start: Start): DialogSpec {
  const { service, environment } = item;
  const improvements = environment.lastDrill?.improvements.trim() ?? '';
  const isReal = environment.tier !== 'practice';
  return {
    title: `Start a drill: ${service.service} on ${environment.name}`,
    text: isReal
      ? `${tierWords[environment.tier]} is real: the steps of this drill really change it.`
      : 'On the practice range. Nothing there is real: break it as you like.',
    ...(improvements === '' ? {} : { lines: [`To improve, from the last drill: ${improvements}`] }),
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

export function incidentDialog(item: EnvironmentItem, start: Start): DialogSpec {
  const { service, environment } = item;
  return {
    title: `Start an incident: ${service.service} on ${environment.name}`,
    text: 'Looks and measures at once, changes nothing. The rollback clock starts when the rollback is ordered.',
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
    procedureId: values['procedure'] ?? service.procedures[0]?.id ?? '',
  };
}

function procedureField({ service }: EnvironmentItem): readonly DialogField[] {
  const [first] = service.procedures;
  if (first === undefined || service.procedures.length === 1) {
    return [];
  }
  const choices = service.procedures.map(({ id, title }) => ({ value: id, label: title }));
  return [
    { kind: 'choice', name: 'procedure', label: 'How to roll back', initial: first.id, choices },
  ];
}

function listOf(joined: string | undefined): string[] {
  return (joined ?? '').split(',').filter((name) => name !== '');
}
