import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { parseRunbook } from '../../../../main/runbooks/parse.js';
import { yamlOptions } from '../../../../main/runbooks/yaml-options.js';
import { stepKinds } from '../../../../main/steps/registry.js';
import type { Runbook } from '../../../../shared/runbook/schema.js';

const root = new URL('../../../../', import.meta.url);

export const KINDS = Object.keys(stepKinds);

export const builtInText = readFileSync(
  new URL('main/runbooks/built-in/tradewizard-monitor.yaml', root),
  'utf8',
);
/** As the build gives it to the console. */
export const builtInContent: unknown = parse(builtInText, yamlOptions);
export const parcelText = readFileSync(
  new URL('test/fixtures/runbooks/parcel-tracker.yaml', root),
  'utf8',
);

export const labHostText = readFileSync(new URL('test/fixtures/hosts/lab-host.yaml', root), 'utf8');

/** The built-in runbook as if it knew containers alone. */
const dockerText = builtInText
  .replace(/\n {2}# The paths and the unit[^]*?\nwatch:\n/, '\nwatch:\n')
  .replace(/ {2}# For the procedures on a host[^]*?\npractice:\n/, '\npractice:\n');

/** With two procedures on a host beside its first, and an environment that has that host. */
export const hostText = dockerText
  .replace(
    '\nwatch:\n',
    `
  - id: releases
    title: Releases on a host
    targets:
      kind: host.releases
      host: web-1
      folder: '{{root}}/releases'
      current: '{{root}}/current'
      pattern: ^v
      complete: [package.json, dist]
      owner: tradewizard
      service: { kind: systemd, unit: '{{container}}.service' }
    estimateSeconds: { from: 600, to: 900 }
    steps:
      - id: check
        title: Check health
        kind: service.check-health
        stage: verify
        with: { host: web-1, url: '{{url}}', health: '{{service.health}}' }
        estimateSeconds: 10
  - id: commits
    title: Checkout on a host
    targets:
      kind: git.commits
      host: web-1
      repository: /opt/{{container}}
      limit: 20
      service: { kind: pm2, app: '{{container}}', owner: tradewizard }
    estimateSeconds: { from: 900, to: 1200 }
    steps:
      - id: check
        title: Check health
        kind: service.check-health
        stage: verify
        with: { url: '{{url}}', health: '{{service.health}}' }
        estimateSeconds: 10

watch:
`,
  )
  .replace(
    '\nenvironments:\n',
    `
environments:
  - name: web
    tier: staging
    url: http://localhost:3000
    via: web-1
    engines: []
    hosts: [{ name: web-1, address: deploy@web-1.example:2222 }]
    variables: { root: /opt/agents }
`,
  );

/** Fails loudly with every problem, so that a broken fixture is seen at once. */
export function soundRunbook(text: string): Runbook {
  const result = parseRunbook('fixture.yaml', text, KINDS);
  if (!result.ok) {
    throw new Error(result.problems.map((problem) => JSON.stringify(problem)).join('\n'));
  }
  return result.runbook;
}
