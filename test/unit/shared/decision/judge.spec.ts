import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noEvidence } from '../../../../shared/decision/no-evidence.js';
import type { Evidence, Level, Reading } from '../../../../shared/decision/evidence.js';
import { rank } from '../../../../shared/decision/bands.js';
import { judge } from '../../../../shared/decision/judge.js';
import { builtInText, soundRunbook } from '../../main/runbooks/runbook-files.js';

const { decision } = soundRunbook(builtInText);

function reading(value: number): Reading {
  return { value, source: 'typed', detail: '', at: '2025-01-15T12:00:00.000Z' };
}

const harmless: Evidence = {
  ...noEvidence,
  severity: 'low',
  errorRatePercent: reading(1),
  performanceLossPercent: reading(1),
  dataImpact: 'none',
};

function levelFor(changes: Partial<Evidence>): Level | null {
  return judge({ ...harmless, ...changes }, decision).level;
}

describe('the bands of the matrix', () => {
  it.each([
    [0, 'low'],
    [9.99, 'low'],
    [10, 'medium'],
    [25, 'medium'],
    [25.01, 'high'],
    [50, 'high'],
    [50.01, 'critical'],
    [100, 'critical'],
  ])('take an error rate of %s %% for %s', (value, level) => {
    expect(levelFor({ errorRatePercent: reading(value) })).toBe(level);
  });

  it.each([
    [24.99, 'low'],
    [25, 'medium'],
    [50, 'medium'],
    [50.01, 'high'],
    [75, 'high'],
    [75.01, 'critical'],
  ])('take a performance loss of %s %% for %s', (value, level) => {
    expect(levelFor({ performanceLossPercent: reading(value) })).toBe(level);
  });

  it.each([
    ['none', 'low'],
    ['corruption', 'high'],
    ['loss', 'critical'],
  ] as const)('take a data impact of "%s" for %s', (dataImpact, level) => {
    expect(levelFor({ dataImpact })).toBe(level);
  });

  it('agree with the criteria: more than 25 % of failures is both high and a reason to roll back', () => {
    const at = (value: number): readonly string[] =>
      judge({ ...harmless, errorRatePercent: reading(value) }, decision).criteriaFor;

    expect(at(25)).toEqual([]);
    expect(at(25.01)).toEqual(['error-rate']);
  });
});

describe('the verdict', () => {
  it.each([
    ['critical', 'roll-back-now'],
    ['high', 'roll-back'],
    ['medium', 'choose'],
    ['low', 'fix-forward'],
  ] as const)('for %s is %s', (severity, advice) => {
    expect(judge({ ...harmless, severity }, decision).advice).toBe(advice);
  });

  it('lets the worst column win and lights the cells that decided', () => {
    const verdict = judge(
      { ...harmless, errorRatePercent: reading(34), dataImpact: 'corruption' },
      decision,
    );

    expect(verdict.cells).toEqual([
      { column: 'severity', level: 'low', decided: false },
      { column: 'errorRate', level: 'high', decided: true },
      { column: 'performance', level: 'low', decided: false },
      { column: 'dataImpact', level: 'high', decided: true },
    ]);
    expect(verdict.sentence).toMatch(
      /^Roll back: error rate 34 % is high; data: corruption is high\./,
    );
  });

  it('says that there is not enough evidence while nothing is known', () => {
    const verdict = judge(noEvidence, decision);

    expect(verdict).toMatchObject({ level: null, advice: 'not-enough-evidence' });
    expect(verdict.sentence).toContain('nothing is known');
  });

  it('does not call low what nobody has looked at', () => {
    const verdict = judge({ ...noEvidence, severity: 'low' }, decision);

    expect(verdict).toMatchObject({ level: 'low', advice: 'not-enough-evidence' });
    expect(verdict.sentence).toContain('Not known: error rate, performance loss, data.');
  });

  it.each([
    ['security-hole', { securityFinding: true }],
    ['no-fix-in-time', { canFixForward: false }],
    ['runaway-costs', { costOverrunPercent: reading(200.5) }],
    ['critical-bug', { saidCriteria: ['critical-bug'] }],
  ] as const)('is raised to a rollback by "%s" and says so', (id, changes) => {
    const verdict = judge(
      {
        ...harmless,
        ...changes,
        saidCriteria: [...('saidCriteria' in changes ? changes.saidCriteria : [])],
      },
      decision,
    );

    expect(verdict).toMatchObject({ level: 'low', advice: 'roll-back', criteriaFor: [id] });
    expect(verdict.sentence).toContain('though the matrix alone says low');
  });

  it('is a rollback for a security hole even when nothing else is known', () => {
    expect(judge({ ...noEvidence, securityFinding: true }, decision).advice).toBe('roll-back');
  });

  it('does not lower "now" when a criterion is met as well', () => {
    expect(
      judge({ ...harmless, severity: 'critical', securityFinding: true }, decision).advice,
    ).toBe('roll-back-now');
  });

  it('does not take an unknown cost for a small one', () => {
    expect(judge({ ...harmless, affectedPercent: null }, decision).criteriaAgainst).toEqual([]);
    expect(judge({ ...harmless, affectedPercent: reading(0) }, decision).criteriaAgainst).toEqual([
      'few-affected',
    ]);
  });

  it('says a contradiction: few are affected, yet the error rate is high', () => {
    const verdict = judge(
      { ...harmless, errorRatePercent: reading(30), affectedPercent: reading(2) },
      decision,
    );

    expect(verdict.advice).toBe('roll-back');
    expect(verdict.criteriaAgainst).toEqual(['few-affected']);
    expect(verdict.contradictions).toContainEqual(
      expect.stringContaining('“Less than 5 % of the functionality is affected” speaks against'),
    );
    expect(verdict.sentence).toContain('Speaks against it: “Less than 5 %');
  });

  it('says a contradiction: said to be low, measured as critical', () => {
    expect(
      judge({ ...harmless, errorRatePercent: reading(80) }, decision).contradictions,
    ).toContain('The severity is said to be low, yet the measurements are critical.');
  });

  it('has no contradiction when a criterion against it agrees with a low level', () => {
    expect(judge({ ...harmless, saidCriteria: ['cosmetic'] }, decision).contradictions).toEqual([]);
  });
});

describe('worse evidence', () => {
  const percent = fc.option(fc.double({ min: 0, max: 1000, noNaN: true }).map(reading));
  const impacts = ['none', 'corruption', 'loss'] as const;
  const levels = ['low', 'medium', 'high', 'critical'] as const;
  const evidences = fc.record({
    severity: fc.option(fc.constantFrom(...levels)),
    errorRatePercent: percent,
    performanceLossPercent: percent,
    dataImpact: fc.option(fc.constantFrom(...impacts)),
    securityFinding: fc.option(fc.boolean()),
    canFixForward: fc.option(fc.boolean()),
    saidCriteria: fc.subarray(['critical-bug', 'cosmetic', 'minor-bug']),
  });
  const advices = ['not-enough-evidence', 'fix-forward', 'choose', 'roll-back', 'roll-back-now'];
  const rankOf = (level: Level | null): number => (level === null ? -1 : rank(level));
  const more = (from: Reading | null, by: number): Reading => reading((from?.value ?? 0) + by);
  const worse = <T>(scale: readonly T[], from: T | null, by: number): T | null =>
    scale[Math.min(scale.length - 1, (from === null ? -1 : scale.indexOf(from)) + by)] ?? from;

  it('never lowers the level or a rollback', () => {
    fc.assert(
      fc.property(
        evidences,
        fc.double({ min: 0, max: 100, noNaN: true }),
        fc.nat(3),
        (part, by, n) => {
          const before = { ...noEvidence, ...part };
          const after: Evidence = {
            ...before,
            severity: worse(levels, before.severity, n),
            errorRatePercent: more(before.errorRatePercent, by),
            performanceLossPercent: more(before.performanceLossPercent, by),
            dataImpact: worse(impacts, before.dataImpact, n),
            securityFinding: before.securityFinding === true || n > 1,
            canFixForward: before.canFixForward === true && n < 2,
          };
          const was = judge(before, decision);
          const is = judge(after, decision);

          expect(rankOf(is.level)).toBeGreaterThanOrEqual(rankOf(was.level));
          expect(advices.indexOf(is.advice)).toBeGreaterThanOrEqual(
            was.advice === 'choose' || was.advice.startsWith('roll')
              ? advices.indexOf(was.advice)
              : 0,
          );
        },
      ),
    );
  });

  it('always has a sentence, four cells, and a lit cell exactly when a level is known', () => {
    fc.assert(
      fc.property(evidences, (part) => {
        const verdict = judge({ ...noEvidence, ...part }, decision);

        expect(verdict.cells).toHaveLength(4);
        expect(verdict.cells.some((cell) => cell.decided)).toBe(verdict.level !== null);
        expect(verdict.sentence).toMatch(/\.$/);
      }),
    );
  });
});
