import { describe, expect, test } from 'vitest';
import { parseCommandLine } from '../../../../main/cli/arguments.js';

const run = '7f3a0000-0000-4000-8000-000000000001';

/** The message of what is refused; a failure when it is not. */
function refusal(...args: readonly string[]): string {
  const parsed = parseCommandLine(args);
  return parsed.type === 'bad' ? parsed.message : `not refused: ${parsed.type}`;
}

describe('resume', () => {
  test('takes a run, what is true of its steps, and who says so', () => {
    const args = ['--settle', 'stop=done', '--settle', 'start=by-hand', '--evidence', 'started it'];
    expect(parseCommandLine(['resume', run, ...args, '--authority', 'Team lead'])).toMatchObject({
      type: 'resume',
      resume: {
        run,
        settle: new Map([
          ['stop', 'done'],
          ['start', 'by-hand'],
        ]),
        evidence: 'started it',
        authority: 'Team lead',
        typed: null,
        to: null,
        isYes: false,
        isJson: false,
      },
    });
  });

  test('takes what was typed only as a whole', () => {
    const typed = ['--type-version', 'v1.1.0', '--type-host', 'production'];
    expect(parseCommandLine(['resume', run, ...typed])).toMatchObject({
      resume: { typed: { version: 'v1.1.0', host: 'production' } },
    });
    expect(refusal('resume', run, '--type-version', 'v1.1.0')).toContain('belong together');
  });

  test.each([
    [['resume'], 'Which run?'],
    [['resume', run, 'another'], 'one too many'],
    [['resume', '../../etc'], 'not the id of a run'],
    [['resume', run, '--settle', 'stop'], 'STEP=done'],
    [['resume', run, '--settle', '=done'], 'STEP=done'],
    [['resume', run, '--settle', 'stop=perhaps'], 'STEP=done'],
    [['resume', run, '--settle', 'stop=done', '--settle', 'stop=not-done'], 'twice'],
    [['resume', run, '--settle', 'stop=by-hand'], '--evidence'],
    [['resume', run, '--settle', 'stop=by-hand', '--evidence', ' '], '--evidence'],
    [['resume', run, '--watch', 'soon'], 'not a length of time'],
    [['resume', run, '--force'], "'--force'"],
  ])('refuses %j', (args, why) => {
    expect(refusal(...args)).toContain(why);
  });
});

describe('roll-forward', () => {
  test('takes a run and a reason', () => {
    expect(parseCommandLine(['roll-forward', '7f3a', '--retry', '--yes'])).toEqual({
      type: 'roll-forward',
      rollForward: {
        run: '7f3a',
        reason: 'Rolled forward from the command line',
        isRetry: true,
        isYes: true,
        isJson: false,
        acceptedKeys: [],
        breakLock: null,
        passwords: new Map(),
      },
    });
  });

  test('takes what hosts may need, and refuses what is no fingerprint and no reason', () => {
    const key = `SHA256:${'a'.repeat(43)}`;
    const args = ['drill', '--accept-host-key', key, '--break-lock', ' their laptop died '];
    expect(parseCommandLine(args)).toMatchObject({
      drill: { acceptedKeys: [key], breakLock: 'their laptop died', procedure: null },
    });
    expect(refusal('drill', '--accept-host-key', 'yes')).toContain('not a fingerprint');
    expect(refusal('resume', run, '--break-lock', ' ')).toContain('no reason');
  });

  test('asks a registry only for a tag that is named', () => {
    expect(parseCommandLine(['drill', '--to', 'v1.1.0'])).toMatchObject({
      drill: { isFromRegistry: false },
    });
    expect(parseCommandLine(['drill', '--from-registry', '--to', 'v1.1.0'])).toMatchObject({
      drill: { to: 'v1.1.0', isFromRegistry: true },
    });
    expect(refusal('drill', '--from-registry')).toContain('--to TAG');
    expect(refusal('drill', '--from-registry', '--to', 'web:v1')).toContain('needs a tag');
  });

  test('refuses a reason that says nothing', () => {
    expect(refusal('roll-forward', run, '--reason', ' ')).toContain('--reason');
  });
});

test.each(['drill', 'runs', 'resume', 'roll-forward'])('explains %s', (command) => {
  const parsed = parseCommandLine([command, '--help']);
  expect(parsed).toMatchObject({ type: 'help' });
  expect(parsed).toMatchObject({
    text: expect.stringContaining(`lastgood ${command}`) as string,
  });
});

test('names every command in its own help', () => {
  const parsed = parseCommandLine([]);
  const text = parsed.type === 'help' ? parsed.text : '';
  for (const command of ['drill', 'runs', 'resume', 'roll-forward']) {
    expect(text).toContain(`lastgood ${command} `);
  }
});

test.each([
  [['runs', 'all'], 'all'],
  [['toString'], 'no command'],
  [['rollback'], 'no command'],
])('refuses %j', (args, why) => {
  expect(refusal(...args)).toContain(why);
});

describe('give-back', () => {
  test('takes a run and the place for its journal', () => {
    expect(parseCommandLine(['give-back', run, '--out', 'x.jsonl', '--json'])).toEqual({
      type: 'handover',
      handover: { verb: 'give-back', run, out: 'x.jsonl', isJson: true },
    });
    expect(refusal('give-back', run)).toContain('--out FILE');
    expect(refusal('give-back')).toContain('Which run?');
  });
});
