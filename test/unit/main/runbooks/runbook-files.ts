import { readFileSync } from 'node:fs';
import { parseRunbook } from '../../../../main/runbooks/parse.js';
import type { Runbook } from '../../../../shared/runbook/schema.js';

const root = new URL('../../../../', import.meta.url);

export const KINDS = [
  'docker.find-image',
  'docker.create-replacement',
  'docker.save-log',
  'docker.stop',
  'docker.swap-names',
  'docker.start',
  'service.wait-healthy',
  'docker.read-log',
  'service.trigger',
  'service.check-health',
  'docker.check-settings',
  'docker.check-log',
];

export const builtInText = readFileSync(
  new URL('main/runbooks/built-in/tradewizard-monitor.yaml', root),
  'utf8',
);
export const parcelText = readFileSync(
  new URL('test/fixtures/runbooks/parcel-tracker.yaml', root),
  'utf8',
);

/** Fails loudly with every problem, so that a broken fixture is seen at once. */
export function soundRunbook(text: string): Runbook {
  const result = parseRunbook('fixture.yaml', text, KINDS);
  if (!result.ok) {
    throw new Error(result.problems.map((problem) => JSON.stringify(problem)).join('\n'));
  }
  return result.runbook;
}
