import { describe, expect, it } from 'vitest';
import { builtInText, parcelText, soundRunbook } from './runbook-files.js';

describe('the built-in runbook', () => {
  const runbook = soundRunbook(builtInText);

  it('holds the counts that the written procedure has', () => {
    expect(runbook.decision.rollBackWhen).toHaveLength(7);
    expect(runbook.decision.doNotRollBackFor).toHaveLength(5);
    expect(runbook.checklist).toHaveLength(10);
    expect(runbook.drill.checklist).toHaveLength(11);
    expect(runbook.messages.templates).toHaveLength(3);
    expect(runbook.prevention).toHaveLength(5);
    expect(runbook.links).toHaveLength(4);
  });

  it('passes the grace of 60 seconds to the stop, because the engine waits 10 by default', () => {
    const stop = runbook.procedures[0]?.steps.find((step) => step.kind === 'docker.stop');

    expect(stop?.with).toMatchObject({ graceSeconds: 60 });
  });

  it('makes the replacement before it stops the old container', () => {
    const kinds = runbook.procedures[0]?.steps.map((step) => step.kind) ?? [];

    expect(kinds.indexOf('docker.create-replacement')).toBeLessThan(kinds.indexOf('docker.stop'));
  });

  it('watches for 30 minutes every 30 seconds and tells people after 5 and then every 10 minutes', () => {
    expect(runbook.watch).toEqual({ seconds: 1800, intervalSeconds: 30 });
    expect(runbook.messages).toMatchObject({ firstDueSeconds: 300, everySeconds: 600 });
  });

  it.each([
    ['docker', 300, 600],
    ['systemd', 600, 900],
    ['pm2', 600, 900],
    ['git', 900, 1200],
    ['swarm', 180, 600],
  ])(
    'has the written estimate of the %s procedure, %i to %i seconds, and keeps within it',
    (id, from, to) => {
      const procedure = runbook.procedures.find((one) => one.id === id);
      const sum = (procedure?.steps ?? []).reduce((total, step) => total + step.estimateSeconds, 0);

      expect(procedure?.estimateSeconds).toEqual({ from, to });
      expect(sum).toBeGreaterThan(0);
      expect(sum).toBeLessThanOrEqual(to);
    },
  );

  it('names nobody and no phone number', () => {
    const contacts = [...runbook.contacts.authority, ...runbook.contacts.support];

    expect(contacts).toHaveLength(6);
    expect(contacts.every((contact) => Object.keys(contact).join() === 'role')).toBe(true);
  });
});

describe('the second runbook', () => {
  it('is sound too, with other names, port, health fields and grace', () => {
    const runbook = soundRunbook(parcelText);

    expect(runbook.service.port).toBe(8088);
    expect(runbook.service.health.json).toEqual({ state: 'ok', queue: { connected: true } });
  });
});
