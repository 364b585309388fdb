import { RunStory } from '../../shared/run-story.js';

/** A drill with everything a report can hold, on a clock that always tells the same. */
export function exampleDrill(): RunStory {
  const story = new RunStory('drill').health('unhealthy').evidence();
  story.after(40).order().after(30).send('internal').send('stakeholders');
  story
    .add({
      type: 'baseline.recorded',
      baseline: {
        requests: 20,
        failedPercent: 35,
        medianMs: 40,
        p95Ms: 90,
        restarts: 2,
        errorKinds: ['ERROR timeout after # ms'],
      },
    })
    .add({
      type: 'checklist.ticked',
      itemId: 'target-identified',
      by: 'console',
      evidence: 'v1.1.0',
    })
    .add({
      type: 'checklist.passed-by',
      itemId: 'rollback-necessary',
      reason: 'Asked | twice <b>',
      by: 'Operator',
    })
    .prepare()
    .begin('find-target')
    .after(2)
    .succeed('find-target', 'found it');
  story
    .begin('create')
    .after(4)
    .add({
      type: 'step.failed',
      stepId: story.stepIds[1]!,
      error: { code: 'DOCKER_NAME_TAKEN', message: 'The name is taken.', retryable: true },
    })
    .add({ type: 'step.started', stepId: story.stepIds[1]!, attempt: 2, before: null })
    .after(3)
    .succeed('create', '| a [link](http://evil.example) `code` <script>\nsecond line')
    .health('down')
    .after(6)
    .health('serving')
    .runAll(5)
    .watch('pass')
    .send('post-rollback')
    .add({ type: 'note.added', text: '# not a heading\n| not | a row |', by: 'Operator' })
    .add({
      type: 'review.recorded',
      review: {
        rootCause: 'A missing index\n```\n# still the root cause',
        nextSteps: 'Add it',
        reviewDate: 'Friday 10:00',
        issues: '',
        improvements: 'Practise the messages',
        participants: 'On-call engineer, team lead',
        dataLoss: 'None',
      },
    })
    .after(15)
    .add({ type: 'run.closed', outcome: 'rolled-back', reason: 'Drill over', by: 'Operator' });
  return story;
}
