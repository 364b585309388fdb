import { describe, expect, it } from 'vitest';
import type { LooseObject } from '../../../../../main/connections/ports.js';
import {
  differencesOf,
  hashOf,
  sightOf,
  sightText,
  versionOfImage,
} from '../../../../../main/steps/swarm/specs.js';

const spec = (image: string, env: string[], more: LooseObject = {}): LooseObject => ({
  Name: 'web',
  TaskTemplate: { ContainerSpec: { Image: image, Env: env }, ForceUpdate: 0 },
  Mode: { Replicated: { Replicas: 2 } },
  ...more,
});

describe('a specification', () => {
  it('has the same hash in whatever order its fields are written, and another for another value', () => {
    const one = { Name: 'web', Labels: { a: '1', b: '2' } };
    const other = { Labels: { b: '2', a: '1' }, Name: 'web' };

    expect(hashOf(one)).toBe(hashOf(other));
    expect(hashOf(one)).not.toBe(hashOf({ ...one, Labels: { a: '1', b: '3' } }));
    expect(hashOf({ list: [1, 2] })).not.toBe(hashOf({ list: [2, 1] }));
  });

  it('is written down by names, counts and its hash, never by a value', () => {
    const sight = sightOf(spec('web:v1', ['TOKEN=s3cret', 'COLOUR=blue', 'EMPTY']));

    expect(sight).toMatchObject({
      image: 'web:v1',
      environment: ['COLOUR', 'EMPTY', 'TOKEN'],
      replicas: 2,
    });
    expect(sightText(sight)).toBe('web:v1; 2 replicas; environment: COLOUR, EMPTY, TOKEN');
    expect(JSON.stringify(sight)).not.toMatch(/s3cret|blue/);
  });

  it('runs once on every node where it has no number of replicas', () => {
    expect(sightOf(spec('web:v1', [], { Mode: { Global: {} } })).replicas).toBeNull();
  });

  it('tells what becomes different, and of secrets only that they do', () => {
    const from = spec('web:v2', ['TOKEN=new', 'GONE=1'], { Labels: { team: 'secret-a' } });
    const to = spec('web:v1', ['TOKEN=old', 'BACK=1'], {
      Mode: { Replicated: { Replicas: 1 } },
      Labels: { team: 'secret-b' },
    });

    expect(differencesOf(from, to)).toEqual([
      'image web:v2 → web:v1',
      '2 replicas → 1 replica',
      'variable BACK comes',
      'variable GONE goes',
      'variable TOKEN gets another value',
      'Labels.team',
    ]);
    expect(differencesOf(from, from)).toEqual([]);
  });

  it.each([
    ['web:v1.2.0', 'v1.2.0'],
    [`registry.local:5000/team/web:v1.2.0@sha256:${'a'.repeat(64)}`, 'v1.2.0'],
    [`web@sha256:${'a'.repeat(64)}`, 'aaaaaaaaaaaa'],
    ['registry.local:5000/team/web', 'registry.local:5000/team/web'],
  ])('of the image %s is version %s', (image, version) => {
    expect(versionOfImage(image)).toBe(version);
  });
});
