import { describe, expect, test } from 'vitest';
import { REDACTED, redactPatterns } from '../../../../main/log/redaction.js';
import { withoutSecrets } from '../../../../main/runs/without-secrets.js';
import { noEvidence } from '../../../../shared/decision/no-evidence.js';
import type { StepId } from '../../../../shared/plan/planned-step.js';
import { Order, RunCommand } from '../../../../shared/run/commands.js';
import { emptyReview } from '../../../../shared/run/empty-review.js';

const said = 'It was DB_PASSWORD=hunter2-and-more all along';
const stepId = 'stop' as StepId;
const detail = { value: 3, source: 'typed' as const, detail: said, at: '2026-11-23T12:00:00.000Z' };

const commands: readonly RunCommand[] = [
  { type: 'note', text: said },
  { type: 'record-evidence', evidence: { ...noEvidence, errorRatePercent: detail } },
  { type: 'fix-forward', reason: said },
  { type: 'tick', itemId: 'decided', evidence: said },
  { type: 'pass-by', itemId: 'decided', reason: said },
  { type: 'skip', stepId, reason: said },
  { type: 'done-by-hand', stepId, evidence: said },
  { type: 'pause', reason: said },
  { type: 'settle', stepId, as: 'by-hand', evidence: said },
  { type: 'settle-undo', stepId, as: 'by-hand', reason: said },
  { type: 'roll-forward', reason: said },
  { type: 'end-watch', reason: said },
  { type: 'edit-message', messageId: 'depots', body: said },
  { type: 'mark-sent', messageId: 'depots', where: said, body: said },
  { type: 'record-review', review: { ...emptyReview, rootCause: said, participants: said } },
  { type: 'close', reason: said },
];

describe('what an operator says', () => {
  test.each(commands.map((command) => [command.type, command] as const))(
    'is recorded without its secrets: %s',
    (_type, command) => {
      const clean = withoutSecrets(RunCommand, command, redactPatterns);
      const text = JSON.stringify(clean);
      expect(text).not.toContain('hunter2');
      expect(text).toContain(`It was DB_PASSWORD=${REDACTED} all along`);
      expect(clean.type).toBe(command.type);
    },
  );

  test('is recorded without its secrets: the order', () => {
    const clean = withoutSecrets(Order, { authority: 'Team lead', reason: said }, redactPatterns);
    expect(clean).toEqual({
      authority: 'Team lead',
      reason: `It was DB_PASSWORD=${REDACTED} all along`,
    });
  });

  test('is left as it is where it holds none', () => {
    const command: RunCommand = { type: 'note', text: 'The password was changed; nothing else.' };
    expect(withoutSecrets(RunCommand, command, redactPatterns)).toEqual(command);
  });

  test('is refused where it would be longer than what can be read again', () => {
    const command: RunCommand = { type: 'note', text: 'API_KEY=x '.repeat(400).trim() };
    expect(() => withoutSecrets(RunCommand, command, redactPatterns)).toThrow(
      expect.objectContaining({ code: 'RUN_COMMAND_REFUSED' }),
    );
  });
});
