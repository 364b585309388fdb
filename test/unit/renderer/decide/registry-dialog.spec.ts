import { expect, test } from 'vitest';
import { registryDialog, tagsIn } from '../../../../renderer/decide/registry-dialog.js';
import { AppError } from '../../../../shared/errors/app-error.js';
import { environment } from '../../../fakes/sample-run.js';

const place = { engine: 'docker', repository: 'registry.example/web', tags: ['v1.1.0', 'v1.0.0'] };

test('says which engine is handed the login for which registry, before anybody is asked', async () => {
  const asked: (readonly string[])[] = [];
  const engines = [{ name: 'docker', kind: 'docker' as const, socket: '/run/other.sock' }];
  const dialog = registryDialog(place, { ...environment, engines }, (tags) => {
    asked.push(tags);
    return Promise.resolve();
  });

  expect(dialog.text).toMatch(/docker \(.*\/run\/other\.sock.*\) asks registry\.example\/web/);
  expect(dialog.text).toContain('has a login for that registry, the engine is handed it now');
  expect(dialog.fields[0]?.initial).toBe('v1.1.0 v1.0.0');
  expect(asked).toEqual([]);
  await dialog.submit({ tags: 'v0.9, v0.8 v0.9' });
  expect(asked).toEqual([['v0.9', 'v0.8']]);
});

test.each(['web:v1', '--help', '../v1', `v1@sha256:${'0'.repeat(64)}`])(
  'refuses %s, which is no tag, and asks nobody',
  (text) => {
    expect(() => tagsIn(text)).toThrow(AppError);
  },
);
