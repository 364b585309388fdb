import { keptMutations } from './kept-mutations.mjs';

/**
 * The rules on which the promise "nothing lost, nothing done twice" rests, each with a way to break it. `from` must
 * stand in the file exactly once: when the source has moved on, the mutation must be brought along.
 * `specs`, below test/unit: those that must find it; left out where it is a rule of the engine.
 * @typedef {{ name: string, file: string, from: string, to: string, specs?: readonly string[] }} Mutation
 * @type {readonly Mutation[]}
 */
export const safetyMutations = [
  ...keptMutations,
  {
    name: 'The lock is gone: two commands see the same state',
    file: 'main/engine/run-recorder.ts',
    from: 'const result = this.#tail.then(() => section(this.#state));',
    to: 'const result = Promise.resolve().then(() => section(this.#state));',
  },
  {
    name: 'A retry takes a second snapshot, of our own half-done change',
    file: 'main/engine/prepare-step.ts',
    from: 'const capturing = isFirst ? runner.capture(step, signal) : step.before;',
    to: 'const capturing = runner.capture(step, signal);',
  },
  {
    name: 'A retry takes what the attempt before it caused for its own effect',
    file: 'main/engine/prepare-step.ts',
    from: 'const isFirst = step.attempt === 0 || runner.capturesAnew(step);',
    to: 'const isFirst = step.attempt === 0;',
  },
  {
    name: 'A step acts before its record is on the disk',
    file: 'main/engine/run-engine.ts',
    from: `hasBegun = await this.#ifNext(step, { type: 'step.started', stepId, attempt, before });
      if (hasBegun) {
        const summary = await this.#deps.runner.act(step, before, controller.signal);`,
    to: `const summary = await this.#deps.runner.act(step, before, controller.signal);
      hasBegun = await this.#ifNext(step, { type: 'step.started', stepId, attempt, before });
      if (hasBegun) {`,
  },
  {
    name: 'A step does not wait for its record',
    file: 'main/engine/run-engine.ts',
    from: "hasBegun = await this.#ifNext(step, { type: 'step.started', stepId, attempt, before });",
    to: `hasBegun = true;
      void this.#ifNext(step, { type: 'step.started', stepId, attempt, before });`,
  },
  {
    name: 'An undo does not wait for its record',
    file: 'main/engine/run-engine.ts',
    from: "const hasBegun = await this.#ifNext(step, { type: 'undo.started', stepId });",
    to: `const hasBegun = Promise.resolve(true);
    void this.#ifNext(step, { type: 'undo.started', stepId });`,
  },
  {
    name: 'The journal promises what it has not synced',
    file: 'main/engine/journal.ts',
    from: 'await this.#file.sync();',
    to: 'void this.#file.sync().catch(() => undefined);',
  },
  {
    name: 'A command that is not legal is carried out',
    file: 'shared/run/decide.ts',
    from: 'if (refusal !== null) {',
    to: "if (refusal === 'never') {",
  },
  {
    name: 'A step begins although a command came in meanwhile',
    file: 'main/engine/run-engine.ts',
    from: "return isStill && (action.type === 'undo') === (event.type === 'undo.started') ? [event] : [];",
    to: 'return isStill || !isStill ? [event] : [];',
  },
  {
    name: 'A state that is already there is made once more',
    file: 'main/engine/prepare-step.ts',
    from: 'return isDone === true ?',
    to: 'return isDone === true && step.attempt > 99 ?',
  },
  {
    name: 'What was approved with a failed step goes on',
    file: 'shared/run/reduce-step.ts',
    from: "return { ...state, mode: 'step', steps: withoutApprovals(state.steps) };",
    to: "return { ...state, mode: 'step' };",
  },
  {
    name: 'An approval outlives the session it was given in',
    file: 'shared/run/reduce-around.ts',
    from: 'steps: withoutApprovals(state.steps),',
    to: 'steps: state.steps,',
  },
  {
    name: 'A lost line counts as done',
    file: 'main/engine/run-engine.ts',
    from: "await this.#say({ type: 'step.unknown', stepId, reason: error.message });",
    to: "await this.#say({ type: 'step.succeeded', stepId, summary: '', wasAlready: false });",
  },
  {
    name: 'What a crash left under way counts as done',
    file: 'shared/run/next-action.ts',
    from: "return [{ type: 'step.unknown', stepId, reason }];",
    to: "return [{ type: 'step.succeeded', stepId, summary: reason, wasAlready: false }];",
  },
  {
    name: 'An unknown step is taken back without a look at it',
    file: 'shared/run/next-action.ts',
    from: 'return lookFirst(step);',
    to: "return { type: 'undo', step };",
  },
  {
    name: 'A failed undo does not hold',
    file: 'shared/run/next-action.ts',
    from: "return state.undoRequested === step.plan.id ? { type: 'undo', step } : wait;",
    to: "return { type: 'undo', step };",
  },
  {
    name: 'Of steps that are one piece of work only the first is announced',
    file: 'main/engine/together.ts',
    from: '? steps.map(({ plan, attempt }, index): RunEvent => {',
    to: '? steps.slice(0, 1).map(({ plan, attempt }, index): RunEvent => {',
  },
  {
    name: 'Steps that are one piece of work do not wait for their records',
    file: 'main/engine/together.ts',
    from: 'hasBegun = await announce(deps, steps, befores, job);',
    to: `hasBegun = true;
    void announce(deps, steps, befores, job);`,
  },
  {
    name: 'Steps that are one piece of work begin although a command came in meanwhile',
    file: 'main/engine/together.ts',
    from: `    isNextToRun(state, steps)
      ? steps.map(`,
    to: `    isNextToRun(state, steps) || steps.length > 0
      ? steps.map(`,
  },
  {
    name: 'Looks begin although a command came in meanwhile',
    file: 'main/engine/looks.ts',
    from: 'isNextToRun(state, steps) ? beginnings(prepared) : [],',
    to: 'steps.length > 0 ? beginnings(prepared) : [],',
  },
  {
    name: 'A failed look counts as done',
    file: 'main/engine/looks.ts',
    from: "(thrown: unknown): RunEvent => ({ type: 'step.failed', stepId, error: toErrorJson(thrown) }),",
    to: "(): RunEvent => ({ type: 'step.succeeded', stepId, summary: '', wasAlready: false }),",
  },
  {
    name: 'Looks do not wait for their records',
    file: 'main/engine/looks.ts',
    from: 'const hasBegun = await recorder.recordSurely((state) =>',
    to: 'const hasBegun = recorder.recordSurely((state) =>',
  },
  {
    name: 'What changes something is made beside what stands after it',
    file: 'main/steps/step-kind.ts',
    from: "isGlance: spec.risk === 'read' && (spec.isGlance ?? false),",
    to: 'isGlance: true,',
    specs: ['main/engine/looks.spec'],
  },
  {
    name: 'A retry of work takes a second snapshot, of our own half-done change',
    file: 'main/engine/together.ts',
    from: 'step.attempt > 0 ? Promise.resolve(step.before) : deps.runner.capture(step, signal),',
    to: 'deps.runner.capture(step, signal),',
  },
  {
    name: 'What was not begun counts as done',
    file: 'main/engine/together.ts',
    from: "return { type: 'step.not-begun', stepId, reason: end.reason };",
    to: "return { type: 'step.succeeded', stepId, summary: end.reason, wasAlready: false };",
  },
  {
    name: 'What was not begun is taken back all the same',
    file: 'shared/run/reduce-step.ts',
    from: 'const attempt = Math.max(0, (stepOf(state, stepId)?.attempt ?? 0) - 1);',
    to: 'const attempt = stepOf(state, stepId)?.attempt ?? 0;',
  },
  {
    name: 'A lost line counts as done for all steps of a piece of work',
    file: 'main/engine/together.ts',
    from: "return { type: 'step.unknown', stepId, reason: error.message };",
    to: "return { type: 'step.succeeded', stepId, summary: '', wasAlready: false };",
  },
  {
    name: 'Work is named twice the same, so that the end of the first is taken for that of the second',
    file: 'main/engine/together.ts',
    from: 'String(first.announced + 1)',
    to: 'String(first.attempt + 1)',
  },
  {
    name: 'The good end of work counts although its step was taken back since',
    file: 'main/steps/host/scripted-runner.ts',
    from: 'if (isOpen && isDone(said)) {',
    to: 'if (isDone(said)) {',
  },
  {
    name: 'An undo that ended well counts for what was done after it',
    file: 'main/steps/host/scripted-runner.ts',
    from: "undoAttempt === 0 || status !== 'undo-failed'",
    to: 'undoAttempt === 0',
  },
  {
    name: 'The end that the work left on the host is not believed',
    file: 'main/engine/left-work.ts',
    from: 'await record(deps, await endsOf(deps, steps, sight));',
    to: 'await endsOf(deps, steps, sight);',
  },
  {
    name: 'Work that still goes on is asked about instead of followed',
    file: 'main/engine/left-work.ts',
    from: "if (sight.status === 'running') {",
    to: "if (sight.status === 'running' && steps.length === 0) {",
  },
  {
    name: 'Work without a trace counts as not begun although something of it is seen done',
    file: 'main/engine/left-work.ts',
    from: 'seen.every(({ isDone }) => isDone === false)',
    to: 'seen.some(({ isDone }) => isDone === false)',
  },
  {
    name: 'Work that is picked up is lost and picked up in a circle',
    file: 'main/engine/run-engine.ts',
    from: 'this.#workDeps((step) => this.#observe(step))',
    to: 'this.#workDeps()',
  },
  {
    name: 'Data is replaced without a word about what is lost',
    file: 'shared/run/predicted-loss.ts',
    from: 'if (replacingSteps(steps).length === 0) {',
    to: 'if (steps.length > 0) {',
  },
  {
    name: 'A loss that nobody knows is not mentioned',
    file: 'shared/run/predicted-loss.ts',
    from: "return item === undefined || item.state === 'red'",
    to: 'return item === undefined',
  },
  {
    name: 'A restore is approved without its dialog',
    file: 'renderer/ui/step/approval-actions.ts',
    from: 'fields.length > 0 || loss.length > 0',
    to: 'fields.length > 0',
  },
  {
    name: 'The figures of the decision stand in the approval as if they were new',
    file: 'renderer/ui/step/approval-actions.ts',
    from: 'factsOf(isWhole ? lines :',
    to: 'factsOf(isWhole ? known :',
  },
  {
    name: 'That figures could not be taken anew is kept quiet',
    file: 'renderer/ui/step/approval-actions.ts',
    from: "`The loss could not be counted anew: ${why}`,\n      'What was known before:',",
    to: '',
  },
  {
    name: 'An undo after the writers were started does not say what it loses',
    file: 'shared/run/predicted-loss.ts',
    from: 'const isBegun = step.attempt > 0 || !notBegun.has(step.status);',
    to: 'const isBegun = false;',
  },
];
