import { expect, test } from 'vitest';
import { incomplete } from '../../../../main/runs/clean-up.js';
import { AppError } from '../../../../shared/errors/app-error.js';

const item = (kind: 'container' | 'image', name: string) => ({
  ...{ id: name, kind, engine: 'docker', name, objectId: name, facts: [], refusal: null },
});

test('a clean-up that ended midway says what has gone, where it ended and why, and what was not begun', () => {
  const chosen = [
    item('container', 'web-before'),
    item('image', 'web:v2'),
    item('image', 'web:v3'),
  ];
  const refused = new AppError('DOCKER_REFUSED', 'It has dependent child images.');
  expect(incomplete(chosen, 1, refused)).toMatchObject({
    code: 'CLEAN_UP_INCOMPLETE',
    message:
      'Removed: container web-before. It ended at image web:v2: It has dependent child images. Not begun: image web:v3.',
  });
  expect(incomplete(chosen, 2, refused).message).not.toContain('Not begun');
});

test('a bug behind it says nothing of what it held', () => {
  const chosen = [item('container', 'web-before'), item('image', 'web:v2')];
  expect(incomplete(chosen, 1, new Error('s3cret')).message).not.toContain('s3cret');
});
