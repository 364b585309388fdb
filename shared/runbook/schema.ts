import { z } from 'zod';
import { StepId } from '../plan/planned-step.js';
import { Decision } from './decision-schema.js';
import { Environment } from './environment-schema.js';
import { TargetSource } from './targets-schema.js';

const Slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'lower-case letters, digits and dashes');
const Text = z.string().trim().min(1);
const Seconds = z.number().positive().max(86_400);

/** What a healthy service answers. `json` lists the fields that must be equal; `show` those worth reading. */
export const HealthExpectation = z.strictObject({
  path: z.string().startsWith('/'),
  status: z.int().min(100).max(599),
  json: z.record(z.string(), z.json()),
  show: z.array(z.string()),
});
export type HealthExpectation = z.infer<typeof HealthExpectation>;

/** A harmless piece of real work that proves the service does its job: POST, then a log line. */
export const Trigger = z.strictObject({
  path: z.string().startsWith('/'),
  title: Text,
  body: z.json(),
  acceptedStatus: z.array(z.int().min(200).max(299)).min(1),
  /** Regular expression of the log line that says the work is complete. */
  completesWith: Text,
  timeoutSeconds: Seconds,
});
export type Trigger = z.infer<typeof Trigger>;

export const Service = z.strictObject({
  name: Slug,
  title: Text,
  /** The port the service listens on inside its container or host. */
  port: z.int().min(1).max(65_535),
  health: HealthExpectation,
  trigger: Trigger.optional(),
  /** Regular expression of a log line that counts as an error. */
  errorLine: Text,
});
export type Service = z.infer<typeof Service>;

/** What the console itself can prove about a checklist item; the others are ticked by a person. */
export const ChecklistProof = z.enum([
  'decision-recorded',
  'target-known',
  'target-available',
  'plan-prepared',
  'verification-known',
  'evidence-recorded',
  'message-sent',
]);
export type ChecklistProof = z.infer<typeof ChecklistProof>;

export const ChecklistItem = z.strictObject({
  id: Slug,
  text: Text,
  required: z.boolean(),
  proof: ChecklistProof.optional(),
  /** For `message-sent`: which message must have been sent; without it any will do. */
  message: Slug.optional(),
});
export type ChecklistItem = z.infer<typeof ChecklistItem>;

export const DrillProof = z.enum([
  'backup-step-done',
  'old-stopped-gracefully',
  'target-known',
  'rolled-back',
  'started',
  'health-passed',
  'trigger-completed',
  'watch-complete',
  'no-new-errors',
  'closing-message-sent',
]);
export type DrillProof = z.infer<typeof DrillProof>;

export const DrillItem = z.strictObject({
  id: Slug,
  text: Text,
  proof: DrillProof.optional(),
});
export type DrillItem = z.infer<typeof DrillItem>;

/** `with` values may hold `{{variable}}`; a value that is nothing but one takes the variable's own type. */
export const RunbookStep = z.strictObject({
  id: StepId,
  title: Text,
  kind: z.string().min(1),
  /** Consecutive steps with the same unit are approved together; default: the step is its own unit. */
  unit: Slug.optional(),
  /** What the run is about from here on, where it is about several things in turn: “Database”, “Code”. Default: as the step before. */
  phase: Text.max(40).optional(),
  stage: z.enum(['execute', 'verify']).optional(),
  with: z.record(z.string(), z.json()),
  estimateSeconds: Seconds,
  deadlineSeconds: Seconds.optional(),
  /** `authority`: the approval needs the word of somebody from `contacts.authority`. Default: the operator's own. */
  approvedBy: z.enum(['operator', 'authority']).optional(),
});
export type RunbookStep = z.infer<typeof RunbookStep>;

export const Procedure = z.strictObject({
  id: Slug,
  title: Text,
  /** Where candidates to go back to are looked for. */
  targets: TargetSource,
  /** The written estimate of the whole, used until past runs know better. */
  estimateSeconds: z.strictObject({ from: Seconds, to: Seconds }),
  steps: z.array(RunbookStep).min(1).max(100),
});
export type Procedure = z.infer<typeof Procedure>;

export const MessageTemplate = z.strictObject({
  id: Slug,
  title: Text,
  audience: Text,
  /** When it is due: at the start, or once the target serves again. */
  moment: z.enum(['start', 'end']),
  subject: Text.optional(),
  /** Text with `{{fact}}` placeholders; `shared/messages` lists the facts. */
  body: Text,
});
export type MessageTemplate = z.infer<typeof MessageTemplate>;

export const Contact = z.strictObject({
  role: Text,
  name: Text.optional(),
  phone: Text.optional(),
});
export type Contact = z.infer<typeof Contact>;

export const Runbook = z.strictObject({
  lastgood: z.literal(1),
  id: Slug,
  service: Service,
  links: z.array(z.strictObject({ title: Text, href: Text })),
  decision: Decision,
  checklist: z.array(ChecklistItem).min(1),
  procedures: z.array(Procedure).min(1),
  watch: z.strictObject({ seconds: Seconds, intervalSeconds: Seconds }),
  messages: z.strictObject({
    firstDueSeconds: Seconds,
    everySeconds: Seconds,
    templates: z.array(MessageTemplate).min(1),
  }),
  drill: z.strictObject({ everyDays: z.int().positive(), checklist: z.array(DrillItem).min(1) }),
  contacts: z.strictObject({
    authority: z.array(Contact).min(1),
    support: z.array(Contact),
  }),
  prevention: z.array(z.strictObject({ title: Text, items: z.array(Text) })),
  environments: z.array(Environment),
  /** What the practice range serves as the sick version, keeps as the healthy ones, and has in its registry only. */
  practice: z.strictObject({
    sick: Text,
    healthy: z.array(Text).min(1),
    inRegistry: z.array(Text).optional(),
    watchSeconds: Seconds,
  }),
});
export type Runbook = z.infer<typeof Runbook>;
