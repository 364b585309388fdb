import { describe, expect, it } from 'vitest';
import { parseRunbook } from '../../../../main/runbooks/parse.js';
import type { RunbookProblem } from '../../../../shared/ipc/views.js';
import { badMeanings } from './bad-meanings.js';
import { badShapes } from './bad-shapes.js';
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

const cases = [...badShapes, ...badMeanings];

describe('a broken runbook file', () => {
  const placed = cases.flatMap(({ mark, ...rest }) => (mark === null ? [] : [{ ...rest, mark }]));
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

  it.each(cases.filter(({ mark }) => mark === null))('is refused: $what', ({ from, to }) => {
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
    for (const [name, of] of Object.entries({ b: 'a', c: 'b', d: 'c', e: 'd', f: 'e', g: 'f' })) {
      bomb.push(`${name}: &${name} [${Array(9).fill(`*${of}`).join(',')}]`);
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
      builtInText.replace('title: Load image', 'title: no'),
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
