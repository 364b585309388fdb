import { factTitles, isFactName } from '../messages/fact-names.js';
import { checkDatabases } from './database-checks.js';
import { checkProcedure } from './procedure-checks.js';
import { patternProblem, repeated } from './finding.js';
import { checkEngines } from './engine-way.js';
import type { Finding } from './finding.js';
import type { Runbook } from './schema.js';
import { hasStrayBraces, placeholdersIn } from './variables.js';

/** Names that the console fills in itself; a variable of that name would be hidden by it. */
const RESERVED_VARIABLES = [
  'url',
  'service',
  'environment',
  'target',
  'from',
  'run',
  'containers',
  'containerPort',
];

/** What no schema can see: ids that clash, names that lead nowhere, orders that cannot work. `kinds` are the step kinds known. */
export function crossCheck(runbook: Runbook, kinds: readonly string[]): readonly Finding[] {
  return [
    ...checkIds(runbook),
    ...checkService(runbook),
    ...checkEnvironments(runbook),
    ...checkMessages(runbook),
    ...checkTimes(runbook),
    ...runbook.procedures.flatMap((procedure, index) =>
      checkProcedure(runbook, procedure, ['procedures', index], kinds),
    ),
  ];
}

function checkIds({
  decision,
  checklist,
  procedures,
  messages,
  drill,
}: Runbook): readonly Finding[] {
  const forIds = decision.rollBackWhen.map((criterion) => criterion.id);
  const againstIds = decision.doNotRollBackFor.map((criterion) => criterion.id);
  return [
    ...repeated(
      [...forIds, ...againstIds],
      (index) =>
        index < forIds.length
          ? ['decision', 'rollBackWhen', index, 'id']
          : ['decision', 'doNotRollBackFor', index - forIds.length, 'id'],
      'the criterion',
    ),
    ...repeated(ids(checklist), (index) => ['checklist', index, 'id'], 'the checklist item'),
    ...repeated(ids(procedures), (index) => ['procedures', index, 'id'], 'the procedure'),
    ...repeated(
      ids(messages.templates),
      (index) => ['messages', 'templates', index, 'id'],
      'the message',
    ),
    ...repeated(
      ids(drill.checklist),
      (index) => ['drill', 'checklist', index, 'id'],
      'the drill item',
    ),
  ];
}

function ids(things: readonly { readonly id: string }[]): readonly string[] {
  return things.map((thing) => thing.id);
}

function checkService({ service }: Runbook): readonly Finding[] {
  const patterns = [
    { path: ['service', 'errorLine'], pattern: service.errorLine },
    ...(service.trigger === undefined
      ? []
      : [
          { path: ['service', 'trigger', 'completesWith'], pattern: service.trigger.completesWith },
        ]),
  ];
  return patterns.flatMap(({ path, pattern }) => {
    const message = patternProblem(pattern);
    return message === null ? [] : [{ path, message }];
  });
}

function checkEnvironments({ environments }: Runbook): readonly Finding[] {
  const names = environments.map((environment) => environment.name);
  return [
    ...repeated(names, (index) => ['environments', index, 'name'], 'the environment'),
    ...environments.flatMap((environment, index) => {
      const path = ['environments', index];
      const { url, tier, engines, hosts = [], via, variables } = environment;
      const address = new URL(url);
      return [
        ...repeated(
          engines.map((engine) => engine.name),
          (engine) => [...path, 'engines', engine, 'name'],
          'the engine',
        ),
        ...checkEngines(environment, path),
        ...repeated(
          hosts.map((host) => host.name),
          (host) => [...path, 'hosts', host, 'name'],
          'the host',
        ),
        ...hosts.flatMap(({ name }, host) =>
          when(
            engines.some((engine) => engine.name === name),
            [...path, 'hosts', host, 'name'],
            `an engine is called “${name}” too: give the host another name`,
          ),
        ),
        ...when(
          via !== undefined && !hosts.some((host) => host.name === via),
          [...path, 'via'],
          `there is no host “${via ?? ''}” here; hosts are listed under “hosts”`,
        ),
        ...checkDatabases(environment, path),
        // The practice band promises that nothing behind it is real; a file cannot promise that.
        ...when(
          tier === 'practice',
          [...path, 'tier'],
          'practice environments are made by the console itself: use production or staging',
        ),
        ...when(
          address.username !== '' || address.password !== '',
          [...path, 'url'],
          'an address must not hold a name or a password',
        ),
        ...when(
          address.pathname !== '/' || address.search !== '',
          [...path, 'url'],
          'the address stands without a path: the paths are in the service',
        ),
        ...Object.keys(variables).flatMap((name) =>
          when(
            RESERVED_VARIABLES.includes(name),
            [...path, 'variables', name],
            `“${name}” is filled in by the console and cannot be set here`,
          ),
        ),
      ];
    }),
  ];
}

function checkMessages({ messages, checklist }: Runbook): readonly Finding[] {
  const { templates } = messages;
  const texts = templates.flatMap(({ subject, body }, index) => {
    const path = ['messages', 'templates', index];
    return [
      ...(subject === undefined ? [] : [{ path: [...path, 'subject'], text: subject }]),
      { path: [...path, 'body'], text: body },
    ];
  });
  return [
    ...texts.flatMap(({ path, text }) => checkFacts(path, text)),
    ...(['start', 'end'] as const).flatMap((moment) =>
      when(
        !templates.some((template) => template.moment === moment),
        ['messages', 'templates'],
        `there is no message for the ${moment} of the rollback`,
      ),
    ),
    ...checklist.flatMap(({ message }, index) =>
      when(
        message !== undefined && !templates.some((template) => template.id === message),
        ['checklist', index, 'message'],
        `there is no message “${message ?? ''}”`,
      ),
    ),
  ];
}

function checkFacts(path: Finding['path'], text: string): readonly Finding[] {
  return [
    ...when(hasStrayBraces(text), path, 'a placeholder is not closed: write {{fact}}'),
    ...placeholdersIn(text)
      .filter((name) => !isFactName(name))
      .map((name) => ({
        path,
        near: name,
        message: `messages know no fact “${name}”; they know ${Object.keys(factTitles).join(', ')}`,
      })),
  ];
}

function checkTimes({ watch, practice }: Runbook): readonly Finding[] {
  return [
    ...when(
      watch.intervalSeconds >= watch.seconds,
      ['watch', 'intervalSeconds'],
      `must be shorter than the watch itself (${String(watch.seconds)} s)`,
    ),
    ...when(
      practice.healthy.includes(practice.sick),
      ['practice', 'sick'],
      `“${practice.sick}” is also listed as healthy`,
    ),
    ...(practice.inRegistry ?? []).flatMap((version, index) =>
      when(
        [practice.sick, ...practice.healthy].includes(version),
        ['practice', 'inRegistry', index],
        `“${version}” is on the engine already`,
      ),
    ),
    ...repeated(practice.healthy, (index) => ['practice', 'healthy', index], 'the healthy version'),
  ];
}

function when(isWrong: boolean, path: Finding['path'], message: string): readonly Finding[] {
  return isWrong ? [{ path, message }] : [];
}
