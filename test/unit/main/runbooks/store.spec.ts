import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RunbookStore } from '../../../../main/runbooks/store.js';
import type { ReadBefore } from '../../../../main/storage/read-before.js';
import { KINDS, builtInContent, builtInText, parcelText } from './runbook-files.js';

const nothingRead: ReadBefore = {
  find: () => Promise.resolve(undefined),
  keep: () => Promise.resolve(),
};

describe('the store of runbooks', () => {
  let folder = '';
  const builtIn = [{ file: 'tradewizard-monitor.yaml', content: builtInContent }];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lastgood-runbooks-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  const store = (path = folder, readBefore = nothingRead): RunbookStore =>
    new RunbookStore({ builtIn, folder: path, kinds: KINDS, readBefore });

  it('offers the built-in runbook when there is no folder yet', async () => {
    const loaded = await store(join(folder, 'missing')).reload();

    expect(loaded.problems).toEqual([]);
    expect(loaded.runbooks.map(({ source }) => source)).toEqual(['built in']);
  });

  it('reads every .yaml and .yml of the folder and leaves other files alone', async () => {
    await writeFile(join(folder, 'parcel.yml'), parcelText);
    await writeFile(join(folder, 'notes.md'), 'not: a runbook');
    await mkdir(join(folder, 'old.yaml'));

    const loaded = await store().reload();

    expect(loaded.problems).toEqual([]);
    expect(loaded.runbooks.map(({ runbook }) => runbook.id)).toEqual([
      'tradewizard-monitor',
      'parcel-tracker',
    ]);
  });

  it('takes what a text said before, and reads it anew where that is not sound', async () => {
    await writeFile(join(folder, 'mine.yaml'), parcelText);
    const find = (content: unknown): ReadBefore => ({
      ...nothingRead,
      find: (text) => Promise.resolve(text === parcelText ? content : undefined),
    });

    expect(await store(folder, find(builtInContent)).has('parcel-tracker')).toBe(false);
    expect(await store(folder, find({ id: 'half' })).has('parcel-tracker')).toBe(true);
  });

  it('keeps what sound files say, and nothing of others', async () => {
    await writeFile(join(folder, 'mine.yaml'), parcelText);
    await writeFile(join(folder, 'wrong.yaml'), 'id: [');
    const kept = new Map<string, unknown>();
    const readBefore: ReadBefore = {
      ...nothingRead,
      keep: (text, content) => Promise.resolve(void kept.set(text, content)),
    };
    const loaded = await store(folder, readBefore).reload();

    expect([...kept.keys()]).toEqual([parcelText]);
    const again = store(folder, {
      ...nothingRead,
      find: (text) => Promise.resolve(kept.get(text)),
    });
    expect((await again.get('parcel-tracker')).service).toEqual(
      loaded.runbooks.find(({ runbook }) => runbook.id === 'parcel-tracker')?.runbook.service,
    );
  });

  it('lets a file of the operator win over the built-in one, and says so', async () => {
    await writeFile(join(folder, 'mine.yaml'), builtInText.replace('port: 3000', 'port: 3001'));
    const runbooks = store();

    const loaded = await runbooks.reload();

    expect((await runbooks.get('tradewizard-monitor')).service.port).toBe(3001);
    expect(loaded.runbooks).toHaveLength(1);
    expect(loaded.problems).toMatchObject([
      { file: 'mine.yaml', message: 'replaces the built-in runbook “tradewizard-monitor”' },
    ]);
  });

  it('refuses the second of two files with one id, whatever the disk order is', async () => {
    await writeFile(join(folder, 'b.yaml'), parcelText.replace('port: 8088', 'port: 2'));
    await writeFile(join(folder, 'a.yaml'), parcelText.replace('port: 8088', 'port: 1'));
    const runbooks = store();

    const loaded = await runbooks.reload();

    expect((await runbooks.get('parcel-tracker')).service.port).toBe(1);
    expect(loaded.problems).toMatchObject([
      { file: 'b.yaml', message: expect.stringContaining('is taken by a.yaml') as string },
    ]);
  });

  it('does not let a broken file hide the sound ones, or the built-in one it would have replaced', async () => {
    await writeFile(join(folder, 'broken.yaml'), builtInText.replace('port: 3000', 'port: none'));
    await writeFile(join(folder, 'parcel.yaml'), parcelText);
    await writeFile(join(folder, 'picture.yaml'), Buffer.from([0xff, 0xfe, 0x00, 0xd8]));
    const runbooks = store();

    const loaded = await runbooks.reload();

    expect(loaded.runbooks).toHaveLength(2);
    expect((await runbooks.get('tradewizard-monitor')).service.port).toBe(3000);
    expect(loaded.problems).toMatchObject([
      { file: 'broken.yaml', line: 9 },
      { file: 'picture.yaml', message: 'the file is not UTF-8 text' },
    ]);
  });

  it('sees a change only when it is asked to read again', async () => {
    const runbooks = store();
    await runbooks.reload();
    await writeFile(join(folder, 'parcel.yaml'), parcelText);

    await expect(runbooks.get('parcel-tracker')).rejects.toMatchObject({
      code: 'RUNBOOK_NOT_FOUND',
    });
    await runbooks.reload();

    expect((await runbooks.get('parcel-tracker')).id).toBe('parcel-tracker');
  });

  it('reads everything by itself where a runbook is asked for before anybody has read', async () => {
    await writeFile(join(folder, 'parcel.yaml'), parcelText);

    expect((await store().get('parcel-tracker')).id).toBe('parcel-tracker');
  });
});
