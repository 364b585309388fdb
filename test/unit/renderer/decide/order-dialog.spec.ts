import { expect, test } from 'vitest';
import { authorityFrom, orderDialog } from '../../../../renderer/decide/order-dialog.js';
import type { OrderAnswers, OrderQuestion } from '../../../../renderer/decide/order-dialog.js';
import { noEvidence } from '../../../../shared/decision/no-evidence.js';
import type { Evidence } from '../../../../shared/decision/evidence.js';
import { judge } from '../../../../shared/decision/judge.js';
import { missingIn } from '../../../../renderer/ui/actions/dialog-spec.js';
import { RunStory, target } from '../../shared/run-story.js';

const { decision, contacts } = new RunStory().runbook;
const red = {
  id: 'image',
  title: 'Target image',
  state: 'red',
  text: 'not on the engine',
  checkedAt: '2025-01-15T12:00:00.000Z',
} as const;

function ask(evidence: Partial<Evidence>, part: Partial<OrderQuestion> = {}) {
  const orders: OrderAnswers[] = [];
  const dialog = orderDialog({
    service: 'tradewizard-monitor',
    environment: 'production',
    target: target('v1.1.0'),
    verdict: judge({ ...noEvidence, ...evidence }, decision),
    symptoms: evidence.symptoms ?? '',
    preview: [],
    authority: contacts.authority,
    order: (answers) => {
      orders.push(answers);
      return Promise.resolve();
    },
    ...part,
  });
  const initial = Object.fromEntries(
    dialog.fields.map((field) => [
      field.name,
      ('initial' in field ? field.initial : undefined) ?? '',
    ]),
  );
  return { dialog, initial, orders };
}

test('begins with the first authority and the symptoms, so that Enter alone can order', async () => {
  const { dialog, initial, orders } = ask({ severity: 'critical', symptoms: 'Nothing answers' });
  expect(missingIn(dialog.fields, initial)).toBeNull();
  await dialog.submit(initial);
  expect(orders).toEqual([{ authority: 'Team lead (primary)', reason: 'Nothing answers' }]);
});

test('takes the reasons of the verdict where no symptoms were written down', () => {
  expect(ask({ severity: 'high' }).initial['reason']).toMatch(/^Severity is high/);
});

test('has no reason of its own when nothing is known', () => {
  expect(ask({}).initial['reason']).toBe('');
});

test('says what is red and what the verdict says instead, and forbids nothing', () => {
  const { dialog } = ask({ severity: 'low' }, { preview: [red] });
  expect(dialog.lines).toEqual([
    'The verdict says: not enough evidence yet.',
    'Missing: Target image (not on the engine)',
  ]);
});

test('says that nobody has looked when there is no preview', () => {
  expect(ask({ severity: 'critical' }, { preview: null }).dialog.lines).toEqual([
    'Whether you can still go back has not been looked at.',
  ]);
});

test('puts a name before the role, and lets somebody else stand alone', () => {
  expect(authorityFrom('Team lead', 'Ada')).toBe('Ada, Team lead');
  expect(authorityFrom('Team lead', '')).toBe('Team lead');
  expect(authorityFrom('somebody-else', 'Ada')).toBe('Ada');
});
