import { describe, expect, it } from 'vitest';
import { parseRunbook } from '../../../../main/runbooks/parse.js';
import type { RunbookProblem } from '../../../../shared/ipc/views.js';
import { KINDS, builtInText, parcelText } from './runbook-files.js';

function problemsOf(text: string): readonly RunbookProblem[] {
  const result = parseRunbook('broken.yaml', text, KINDS);
  return result.ok ? [] : result.problems;
}

/** Replaces once and says where the replacement stands, so that no line number is written by hand. */
function edit(from: string, to: string, mark = to): { text: string; line: number; column: number } {
  const at = builtInText.indexOf(from);
  if (at === -1) {
    throw new Error(`The runbook holds no “${from}”.`);
  }
  const text = builtInText.slice(0, at) + to + builtInText.slice(at + from.length);
  const marked = text.indexOf(mark, at);
  const before = text.slice(0, marked).split('\n');
  return { text, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

type Case = { what: string; from: string; to: string; mark?: string; says: RegExp };

const cases: readonly Case[] = [
  // schema
  {
    what: 'an unknown key at the top',
    from: 'lastgood: 1',
    to: 'lastgood: 1\nsurprise: 1',
    mark: 'surprise',
    says: /unknown key “surprise”/,
  },
  {
    what: 'an unknown key deep inside',
    from: '    path: /health',
    to: '    path: /health\n    colour: red',
    mark: 'colour',
    says: /service\.health: unknown key “colour”/,
  },
  {
    what: 'a text where a number belongs',
    from: 'port: 3000',
    to: 'port: "3000"',
    mark: '"3000"',
    says: /service\.port: must be a/,
  },
  {
    what: 'a port beyond the last one',
    from: 'port: 3000',
    to: 'port: 70000',
    mark: '70000',
    says: /at most 65535/,
  },
  {
    what: 'a fraction of a port',
    from: 'port: 3000',
    to: 'port: 30.5',
    mark: '30.5',
    says: /whole number/,
  },
  {
    what: 'a number where a text belongs',
    from: 'title: Find target',
    to: 'title: 12',
    mark: '12',
    says: /must be a text/,
  },
  {
    what: 'an id with capitals',
    from: 'id: tradewizard-monitor',
    to: 'id: TradeWizard',
    mark: 'TradeWizard',
    says: /lower-case letters, digits and dashes/,
  },
  {
    what: 'a step id with spaces',
    from: '- id: find-target',
    to: '- id: find target',
    mark: 'find target',
    says: /lower-case letters, digits and dashes/,
  },
  {
    what: 'a format of another version',
    from: 'lastgood: 1',
    to: 'lastgood: 2',
    mark: '2',
    says: /must be one of 1/,
  },
  {
    what: 'an unknown tier',
    from: 'tier: production',
    to: 'tier: prod',
    mark: 'prod',
    says: /must be one of "production", "staging"/,
  },
  {
    what: 'an unknown proof',
    from: 'proof: decision-recorded',
    to: 'proof: trust-me',
    mark: 'trust-me',
    says: /must be one of/,
  },
  {
    what: 'an unknown rule',
    from: 'rule: { by: securityFinding }',
    to: 'rule: { by: feeling }',
    mark: 'feeling',
    says: /kinds known here/,
  },
  {
    what: 'a rule without its bound',
    from: 'rule: { by: costOverrunPercent, over: 200 }',
    to: 'rule: { by: costOverrunPercent }',
    mark: '{ by',
    says: /rule\.over: is missing/,
  },
  {
    what: 'bands that fall',
    from: '{ medium: 10, high: 25, critical: 50 }',
    to: '{ medium: 30, high: 25, critical: 50 }',
    mark: '{ medium: 30',
    says: /bounds must rise/,
  },
  {
    what: 'a negative estimate',
    from: 'estimateSeconds: 5\n',
    to: 'estimateSeconds: -5\n',
    mark: '-5',
    says: /more than 0/,
  },
  {
    what: 'an estimate of more than a day',
    from: 'estimateSeconds: 5\n',
    to: 'estimateSeconds: 90000\n',
    mark: '90000',
    says: /at most 86400/,
  },
  {
    what: 'a word where yes or no belongs',
    from: 'required: true',
    to: 'required: yes',
    mark: 'yes',
    says: /true or false/,
  },
  {
    what: 'an empty title',
    from: 'title: Find target',
    to: "title: ' '",
    mark: "' '",
    says: /at least 1 character/,
  },
  {
    what: 'a title left out after its colon',
    from: 'title: Find target',
    to: 'title:',
    mark: 'title:',
    says: /must be a text/,
  },
  {
    what: 'a relative health path',
    from: 'path: /health',
    to: 'path: health',
    mark: 'health',
    says: /must begin with \//,
  },
  {
    what: 'a web address of another protocol',
    from: 'url: http://localhost:3000',
    to: 'url: ftp://localhost',
    mark: 'ftp',
    says: /must be an address/,
  },
  {
    what: 'a relative socket',
    from: 'socket: /var/run/docker.sock',
    to: 'socket: docker.sock',
    mark: 'docker.sock',
    says: /must begin with \//,
  },
  {
    what: 'a variable name with a dash',
    from: 'variables: {}',
    to: 'variables: { my-port: "1" }',
    mark: 'my-port',
    says: /my-port/,
  },
  {
    what: 'a variable that is not a text',
    from: 'variables: {}',
    to: 'variables: { port: 1 }',
    mark: '1',
    says: /must be a text/,
  },
  {
    what: 'a list where a group belongs',
    from: 'watch:\n  seconds: 1800\n  intervalSeconds: 30',
    to: 'watch: [1800, 30]',
    mark: '[1800',
    says: /group of keys/,
  },
  {
    what: 'an unknown stage',
    from: 'stage: verify',
    to: 'stage: look',
    mark: 'look',
    says: /"execute", "verify"/,
  },
  {
    what: 'a status that is not one',
    from: 'status: 200',
    to: 'status: 20',
    mark: '20',
    says: /at least 100/,
  },
  // YAML
  {
    what: 'a key given twice',
    from: 'lastgood: 1',
    to: 'lastgood: 1\nlastgood: 1',
    mark: 'lastgood: 1\nid',
    says: /unique/,
  },
  {
    what: 'a tab for indentation',
    from: '  name: tradewizard-monitor',
    to: '\tname: tradewizard-monitor',
    mark: '\tname',
    says: /[Tt]ab/,
  },
  {
    what: 'an unknown tag',
    from: 'port: 3000',
    to: 'port: !secret 3000',
    mark: '!secret',
    says: /tag/,
  },
  // cross-checks
  {
    what: 'a step id twice',
    from: '- id: create\n',
    to: '- id: find-target\n',
    mark: 'find-target',
    says: /step “find-target” is there twice/,
  },
  {
    what: 'a checklist id twice',
    from: '- id: target-available',
    to: '- id: target-identified',
    mark: 'target-identified',
    says: /checklist item “target-identified” is there twice/,
  },
  {
    what: 'a criterion id twice across both lists',
    from: '- id: cosmetic',
    to: '- id: error-rate',
    mark: 'error-rate',
    says: /criterion “error-rate” is there twice/,
  },
  {
    what: 'a message id twice',
    from: '- id: stakeholders\n',
    to: '- id: internal\n',
    mark: 'internal',
    says: /message “internal” is there twice/,
  },
  {
    what: 'a drill item id twice',
    from: '- id: no-errors',
    to: '- id: monitored',
    mark: 'monitored',
    says: /drill item “monitored” is there twice/,
  },
  {
    what: 'an unknown step kind',
    from: 'kind: docker.save-log',
    to: 'kind: docker.savelog',
    mark: 'docker.savelog',
    says: /no step kind “docker\.savelog”/,
  },
  {
    what: 'an unknown variable',
    from: "imageId: '{{target.id}}'",
    to: "imageId: '{{target.sha}}'",
    mark: "'{{target.sha}}'",
    says: /no variable \{\{target\.sha\}\} in the environment “production”/,
  },
  {
    what: 'an inherited property as a variable',
    from: "imageId: '{{target.id}}'",
    to: "imageId: '{{target.constructor}}'",
    mark: "'{{target.constructor",
    says: /no variable/,
  },
  {
    what: 'a malformed variable',
    from: "imageId: '{{target.id}}'",
    to: "imageId: '{{target id}}'",
    mark: "'{{target id}}'",
    says: /cannot be the name of a variable/,
  },
  {
    what: 'a placeholder that is not closed',
    from: "imageId: '{{target.id}}'",
    to: "imageId: '{{target.id'",
    mark: "'{{target.id'",
    says: /not closed/,
  },
  {
    what: 'a group of values inside a text',
    from: "url: '{{url}}'",
    to: "url: '{{url}}{{service.health}}'",
    mark: "'{{url}}{{service",
    says: /cannot stand inside a text/,
  },
  {
    what: 'an unknown engine in a step',
    from: 'engine: docker\n          reference',
    to: 'engine: podman\n          reference',
    mark: 'podman',
    says: /“production” has no engine “podman”/,
  },
  {
    what: 'an unknown engine for the targets',
    from: 'engine: docker\n      repository',
    to: 'engine: other\n      repository',
    mark: 'other',
    says: /has no engine “other”/,
  },
  {
    what: 'an unknown variable in the targets',
    from: "container: '{{container}}'",
    to: "container: '{{pod}}'",
    mark: "'{{pod}}'",
    says: /no variable \{\{pod\}\}/,
  },
  {
    what: 'a broken regular expression',
    from: 'errorLine: ERROR|FATAL|[Uu]nhandled',
    to: 'errorLine: "ERROR("',
    mark: '"ERROR("',
    says: /not a regular expression/,
  },
  {
    what: 'a pattern that fits every line',
    from: 'completesWith: Analysis completed',
    to: 'completesWith: .*',
    mark: '.*',
    says: /fits every line/,
  },
  {
    what: 'a broken pattern in a step',
    from: "errorLine: '{{service.errorLine}}'",
    to: "errorLine: '['",
    mark: "'['",
    says: /not a regular expression/,
  },
  {
    what: 'a watch interval as long as the watch',
    from: 'intervalSeconds: 30',
    to: 'intervalSeconds: 1800',
    mark: '1800',
    says: /must be shorter than the watch/,
  },
  {
    what: 'an unknown fact in a message',
    from: 'Reason: {{reason}}',
    to: 'Reason: {{excuse}}',
    mark: '{{excuse}}',
    says: /no fact “excuse”/,
  },
  {
    what: 'an unclosed fact in a subject',
    from: "subject: 'Service rollback: TradeWizard Monitor'",
    to: "subject: 'Rollback of {{service'",
    mark: "'Rollback of",
    says: /not closed/,
  },
  {
    what: 'a checklist item that waits for an unknown message',
    from: 'message: stakeholders',
    to: 'message: everybody',
    mark: 'everybody',
    says: /no message “everybody”/,
  },
  {
    what: 'an estimate that ends before it begins',
    from: '{ from: 300, to: 600 }',
    to: '{ from: 700, to: 600 }',
    mark: '{ from: 700',
    says: /“from” must not be more than “to”/,
  },
  {
    what: 'a cutover that waits for a person',
    from: 'kind: docker.start\n        unit: cutover',
    to: 'kind: docker.start\n        unit: later',
    mark: 'later',
    says: /in one unit with “stop”/,
  },
  {
    what: 'a unit that mixes stages',
    from: 'kind: service.wait-healthy\n        unit: cutover',
    to: 'kind: service.wait-healthy\n        stage: verify\n        unit: cutover',
    mark: 'cutover',
    says: /mixes executing and verifying/,
  },
  {
    what: 'a step that executes after verifying',
    from: "stage: verify\n        unit: verification\n        with:\n          engine: docker\n          container: '{{container}}'\n          kept",
    to: "unit: compare\n        with:\n          engine: docker\n          container: '{{container}}'\n          kept",
    mark: 'never',
    says: /^$/,
  },
  {
    what: 'stopping before the replacement exists',
    from: 'kind: docker.create-replacement',
    to: 'kind: docker.start',
    mark: 'never',
    says: /^$/,
  },
  {
    what: 'a practice tier in a file',
    from: 'tier: production',
    to: 'tier: practice',
    mark: 'practice',
    says: /made by the console itself/,
  },
  {
    what: 'a password in an address',
    from: 'url: http://localhost:3000',
    to: 'url: http://me:word@localhost:3000',
    mark: 'http://me',
    says: /must not hold a name or a password/,
  },
  {
    what: 'a path in an address',
    from: 'url: http://localhost:3000',
    to: 'url: http://localhost:3000/health',
    mark: 'http://localhost:3000/health',
    says: /without a path/,
  },
  {
    what: 'a variable that the console fills in itself',
    from: 'variables: {}',
    to: 'variables: { url: x }',
    mark: 'x',
    says: /cannot be set here/,
  },
  {
    what: 'a sick version that is also healthy',
    from: 'sick: v1.2.0',
    to: 'sick: v1.1.0',
    mark: 'v1.1.0',
    says: /also listed as healthy/,
  },
];

describe('a broken runbook file', () => {
  const placed = cases.filter(({ mark }) => mark !== 'never');
  it.each(placed)('is refused at the exact place: $what', ({ from, to, mark, says }) => {
    const { text, line, column } = edit(from, to, mark);

    const problems = problemsOf(text);

    expect(problems).toContainEqual({
      file: 'broken.yaml',
      line,
      column,
      message: expect.stringMatching(says) as string,
    });
  });

  it.each(cases.filter(({ mark }) => mark === 'never'))('is refused: $what', ({ from, to }) => {
    expect(problemsOf(edit(from, to, to).text)).not.toEqual([]);
  });

  it('says that a unit is torn apart at the step that comes back to it', () => {
    const text = parcelText.replace(
      "unit: exchange\n        with: { engine: main-engine, container: '{{container}}', graceSeconds: 15 }\n        estimateSeconds: 5",
      "with: { engine: main-engine, container: '{{container}}', graceSeconds: 15 }\n        estimateSeconds: 5",
    );

    const messages = problemsOf(text).map((problem) => problem.message);

    expect(messages).toContainEqual(expect.stringContaining('“exchange” must stand together'));
    expect(messages).toContainEqual(expect.stringContaining('in one unit with “halt”'));
  });

  it('is refused when nothing is there to tell people that it is over', () => {
    const text = builtInText.replace('moment: end', 'moment: start');

    expect(problemsOf(text)).toMatchObject([
      { message: 'there is no message for the end of the rollback' },
    ]);
  });

  it('says when a variable exists in one environment and not in the other', () => {
    const text = parcelText
      .replace('container: tracker-rehearsal', 'container: tracker-rehearsal\n      depot: south')
      .replace('tail: 200', "tail: '{{depot}}'");

    expect(problemsOf(text)).toMatchObject([
      { message: 'there is no variable {{depot}} in the environment “depot-north”' },
    ]);
  });

  it('is reported whole: every problem of one layer at once, in the order of the file', () => {
    const text = builtInText
      .replace('port: 3000', 'port: no')
      .replace('tier: production', 'tier: x');

    const lines = problemsOf(text).map((problem) => problem.line ?? 0);

    expect(lines).toHaveLength(2);
    expect(lines[0]).toBeLessThan(lines[1] ?? 0);
  });

  it.each([
    ['nothing', ''],
    ['only a comment', '# later'],
    ['a list', '- 1'],
    ['a word', 'hello'],
    ['two documents', `${builtInText}\n---\nlastgood: 1\n`],
    ['an alias to nothing', builtInText.replace('port: 3000', 'port: *nowhere')],
    ['a flow that never closes', `${builtInText}\nextra: [1, 2`],
    ['nesting without end', '['.repeat(100_000)],
    ['null bytes', '\0\0\0'],
  ])('is refused without throwing when the file holds %s', (_what, text) => {
    expect(problemsOf(text).length).toBeGreaterThan(0);
  });

  it('is refused when aliases multiply', () => {
    const bomb = ['a: &a [1,1,1,1,1,1,1,1,1]'];
    for (const [name, of] of ['ba', 'cb', 'dc', 'ed', 'fe', 'gf'].map((pair) => [...pair])) {
      bomb.push(
        `${name ?? ''}: &${name ?? ''} [${Array(9)
          .fill(`*${of ?? ''}`)
          .join(',')}]`,
      );
    }

    expect(problemsOf(bomb.join('\n'))).toMatchObject([
      { message: expect.stringContaining('alias') as string },
    ]);
  });

  it('is refused above 1 MB before it is parsed', () => {
    expect(problemsOf('#'.repeat(1_000_001))).toMatchObject([
      { line: null, message: 'the file is larger than 1 MB' },
    ]);
  });

  it('is refused when it tries to reach a prototype', () => {
    const text = builtInText.replace('lastgood: 1', 'lastgood: 1\n__proto__: { polluted: true }');

    expect(problemsOf(text)).toMatchObject([{ message: 'unknown key “__proto__”' }]);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('a sound runbook file', () => {
  it('keeps words of older YAML as words, so that "no" is not false', () => {
    const result = parseRunbook(
      'x.yaml',
      builtInText.replace('title: Find target', 'title: no'),
      KINDS,
    );

    expect(result.ok && result.runbook.procedures[0]?.steps[0]?.title).toBe('no');
  });

  it('may use anchors', () => {
    const text = builtInText
      .replace('variables: {}', 'variables: &none {}')
      .replace('    engines:\n', '    engines:\n');

    expect(problemsOf(text)).toEqual([]);
  });
});
