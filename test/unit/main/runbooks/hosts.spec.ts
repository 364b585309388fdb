import { describe, expect, it } from 'vitest';
import { parseRunbook } from '../../../../main/runbooks/parse.js';
import {
  declaredEnvironments,
  mustBeOffered,
  proceduresOf,
} from '../../../../main/runs/environments.js';
import { placeOf, servicePlaceOf } from '../../../../main/runs/target-search.js';
import { KINDS, hostText, soundRunbook } from './runbook-files.js';

const runbook = soundRunbook(hostText);

/** The problems after one replacement, as LINE:COLUMN of what stands where the replacement's mark stands. */
function problemsOf(from: string, to: string, mark: string): readonly string[] {
  const text = hostText.replace(from, to);
  const before = text.slice(0, text.indexOf(mark, text.indexOf(to))).split('\n');
  const at = `${String(before.length)}:${String((before.at(-1)?.length ?? 0) + 1)}`;
  const result = parseRunbook('hosts.yaml', text, KINDS);
  const problems = result.ok ? [] : result.problems;
  return problems.map(({ line, column, message }) => {
    const place = `${String(line)}:${String(column)}`;
    return `${place === at ? 'here' : place}: ${message}`;
  });
}

describe('a runbook with hosts', () => {
  it('fills in where releases lie and what keeps the service running', () => {
    const [environment] = runbook.environments;
    const procedure = runbook.procedures[1]!;
    const place = placeOf({ runbook, environment: environment!, procedure } as never);

    expect(place).toEqual({
      kind: 'host.releases',
      host: 'web-1',
      releases: {
        folder: '/opt/agents/releases',
        current: '/opt/agents/current',
        pattern: '^v',
        complete: ['package.json', 'dist'],
        owner: 'tradewizard',
      },
      process: { kind: 'systemd', unit: 'tradewizard-monitor.service' },
    });
    expect(servicePlaceOf(place)).toMatchObject({ kind: 'host', host: 'web-1' });
  });

  it.each([
    [
      'a host nobody knows',
      'host: web-1\n      folder',
      'host: web-9\n      folder',
      'web-9',
      'no environment has host “web-9”',
    ],
    [
      'a host nobody knows in a step',
      'with: { host: web-1,',
      'with: { host: web-9,',
      'web-9',
      'no environment has host “web-9”',
    ],
    [
      'a way through a host that is not there',
      'via: web-1',
      'via: web-9',
      'web-9',
      'there is no host “web-9” here; hosts are listed under “hosts”',
    ],
    [
      'a host twice',
      '[{ name: web-1, address: deploy@web-1.example:2222 }]',
      '[{ name: web-1, address: a }, { name: web-1, address: b }]',
      'web-1, address: b',
      'the host “web-1” is there twice',
    ],
    [
      'a path that begins nowhere',
      'repository: /opt/{{container}}',
      'repository: opt/app',
      'opt/app',
      'write the whole path, from / on',
    ],
    [
      'what leads out of a release',
      'complete: [package.json, dist]',
      'complete: [package.json, ../dist]',
      '../dist',
      'write a path inside the release',
    ],
    [
      'a pattern that cannot be read',
      'pattern: ^v',
      "pattern: '['",
      "'['",
      'not a regular expression',
    ],
    [
      'a variable that has no value where the procedure is possible',
      "unit: '{{container}}.service'",
      "unit: '{{daemon}}'",
      "'{{daemon}}'",
      'there is no variable {{daemon}} in the environment “web”',
    ],
  ])('is refused at the exact place: %s', (_what, from, to, mark, says) => {
    expect(problemsOf(from, to, mark)).toContainEqual(expect.stringContaining(`here: ${says}`));
  });

  it('offers in each environment what that has everything for, and says why not the rest', () => {
    const offered = declaredEnvironments
      .list(runbook)
      .map((environment) => [
        environment.name,
        ...proceduresOf(runbook, environment).map(({ refusal }) => refusal),
      ]);

    expect(offered).toEqual([
      ['web', 'Docker container: web has no engine “docker”.', null, null],
      [
        'production',
        null,
        'Releases on a host: production has no host “web-1”.',
        'Checkout on a host: production has no host “web-1”.',
      ],
    ]);
  });

  it('starts nothing where the procedure is not possible, and names what is', () => {
    const [web] = declaredEnvironments.list(runbook);

    expect(() => {
      mustBeOffered(runbook, 'docker', web);
    }).toThrow(expect.objectContaining({ code: 'PROCEDURE_NOT_OFFERED' }));
    expect(() => {
      mustBeOffered(runbook, 'docker', web);
    }).toThrow(/Possible here: releases, commits/);
    expect(() => {
      mustBeOffered(runbook, 'swarm', web);
    }).toThrow(expect.objectContaining({ code: 'PROCEDURE_UNKNOWN' }));
  });
});
