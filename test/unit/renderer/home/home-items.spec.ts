import { expect, test } from 'vitest';
import type { EnvironmentCard, HomeView, RunSummary } from '../../../../shared/ipc/views.js';
import {
  aimDrill,
  aimIncident,
  homeItems,
  neighbour,
} from '../../../../renderer/home/home-items.js';
import { drillWords, dueWords } from '../../../../renderer/home/readiness.js';
import { runId } from '../../../fakes/sample-run.js';

function card(
  name: string,
  tier: EnvironmentCard['tier'],
  change: Partial<EnvironmentCard> = {},
): EnvironmentCard {
  return {
    name,
    tier,
    url: 'http://localhost:1',
    faults: [],
    procedures: [{ id: 'docker', title: 'Docker', refusal: null }],
    hosts: [],
    lastDrill: null,
    lastIncident: null,
    drillDueInDays: null,
    openRunId: null,
    ...change,
  };
}

function homeWith(...environments: EnvironmentCard[]): HomeView {
  const service = {
    runbookId: 'parcel-tracker',
    service: 'parcel-tracker',
    title: 'Parcel tracker',
    source: 'built in',
    procedures: [],
    environments,
  };
  return { services: [service], problems: [], unfinished: [], recent: [] };
}

const summary: RunSummary = {
  runId,
  kind: 'drill',
  runbookId: 'parcel-tracker',
  service: 'parcel-tracker',
  environment: 'practice',
  tier: 'practice',
  operator: 'operator',
  startedAt: '2026-11-11T12:00:00.000Z',
  fromVersion: 'v1.2.0',
  toVersion: 'v1.1.0',
  phase: 'rolled back',
  outcome: 'rolled-back',
  isAttached: false,
  unknownSteps: [],
  rollbackSeconds: 400,
  downtimeSeconds: 4,
  unhealthySeconds: 0,
  improvements: '',
  problem: null,
  owner: null,
};
const nowMs = Date.parse('2026-11-23T13:00:00.000Z');

test('aims a drill at the practice range and an incident at production by itself', () => {
  const items = homeItems(
    homeWith(card('staging', 'staging'), card('practice', 'practice'), card('app-1', 'production')),
  );
  expect(aimDrill(items, undefined)?.environment.name).toBe('practice');
  expect(aimIncident(items, undefined)?.environment.name).toBe('app-1');
});

test('aims at what is picked', () => {
  const items = homeItems(homeWith(card('practice', 'practice'), card('staging', 'staging')));
  expect(aimDrill(items, items[1])?.environment.name).toBe('staging');
});

test('never aims an incident at the practice range', () => {
  const items = homeItems(homeWith(card('practice', 'practice')));
  expect(aimIncident(items, items[0])).toBeNull();
});

test('puts unfinished runs first and stays on the list with the arrows', () => {
  const items = homeItems({ ...homeWith(card('practice', 'practice')), unfinished: [summary] });
  expect(items.map(({ kind }) => kind)).toEqual(['unfinished', 'environment']);
  expect(neighbour(items, items[0], -1)).toBe(items[0]);
  expect(neighbour(items, items[0], 1)).toBe(items[1]);
  expect(neighbour(items, items[1], 1)).toBe(items[1]);
});

test('says readiness in words', () => {
  expect(drillWords(card('practice', 'practice'), nowMs)).toBe('never drilled');
  expect(drillWords(card('practice', 'practice', { lastDrill: summary }), nowMs)).toBe(
    'last drilled 12 days ago, 6:40',
  );
  expect(dueWords(card('a', 'practice', { drillDueInDays: 40 })).text).toBe(
    'next drill in 40 days',
  );
  expect(dueWords(card('a', 'practice', { drillDueInDays: -1 }))).toEqual({
    text: 'drill overdue by 1 day',
    tone: 'bad',
  });
});
