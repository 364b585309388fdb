import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hashLine } from '../../../../main/engine/journal-format.js';
import { redactPatterns } from '../../../../main/log/redaction.js';
import { jsonReport } from '../../../../main/reports/json.js';
import { markdownReport } from '../../../../main/reports/markdown.js';
import { reportData } from '../../../../main/reports/report-data.js';
import type { ReportData } from '../../../../main/reports/report-data.js';
import { RunReports } from '../../../../main/reports/run-reports.js';
import { RunFiles } from '../../../../main/runs/run-files.js';
import { dataPaths } from '../../../../main/storage/data-paths.js';
import { RunStory, STORY_RUN } from '../../shared/run-story.js';
import { builtInText } from '../runbooks/runbook-files.js';
import { exampleDrill } from './example-run.js';

function dataOf(story: RunStory): ReportData {
  return reportData({ records: story.records, headHash: 'f'.repeat(64), now: story.now })!;
}

describe('the report of a drill', () => {
  it('reads as Markdown like the kept example', async () => {
    await expect(markdownReport(dataOf(exampleDrill()))).toMatchFileSnapshot(
      '../../../fixtures/reports/drill.md',
    );
  });

  it('reads as JSON like the kept example', async () => {
    await expect(jsonReport(dataOf(exampleDrill()))).toMatchFileSnapshot(
      '../../../fixtures/reports/drill.json',
    );
  });

  it('carries the figures, the hash of the journal and its length', () => {
    const data = dataOf(exampleDrill());

    expect(data.figures).toEqual({
      rollbackSeconds: 30 + 2 + 7 + 6 + 10 * 5,
      downtimeSeconds: 6,
      unhealthySeconds: 30 + 2 + 7,
      estimateSeconds: { from: 300, to: 600 },
      isFinal: true,
    });
    expect(data.journal).toEqual({
      records: exampleDrill().records.length,
      headHash: 'f'.repeat(64),
    });
  });

  it('leaves the looks of the watch out of the timeline', () => {
    const data = dataOf(exampleDrill());

    expect(data.timeline.some(({ text }) => text.startsWith('The watch looked'))).toBe(false);
    expect(data.watch?.looks).toBe(1);
  });
});

describe('the Markdown of a report', () => {
  const markdown = markdownReport(dataOf(exampleDrill()));
  const outsideBlocks = markdown.replaceAll(/^(`{3,})text\n[\s\S]*?\n\1$/gm, '');

  it('has as many cells in every row of a table as in its head, whatever was written into them', () => {
    const cells = (line: string): number => line.split(/(?<!\\)\|/).length;
    let width: number | null = null;
    for (const line of outsideBlocks.split('\n')) {
      width = line.startsWith('|') ? (width ?? cells(line)) : null;
      expect(width === null || cells(line) === width, line).toBe(true);
    }
  });

  it('has only our own headings: no text of a note or a review becomes one', () => {
    const headings = outsideBlocks.split('\n').filter((line) => /^#{1,6} /.test(line));

    expect(headings).not.toContainEqual(expect.stringContaining('not a heading'));
    expect(headings).not.toContainEqual(expect.stringContaining('still the root cause'));
  });

  it('holds no live markup or link from a text', () => {
    expect(outsideBlocks).not.toMatch(/(?<!\\)<(?!br>)/);
    expect(outsideBlocks).not.toMatch(/(?<!\\)\]\(/);
    expect(outsideBlocks).not.toContain('http://evil');
  });
});

describe('the report of a run that has not ended', () => {
  it('says so, and that nothing was ordered', () => {
    const markdown = markdownReport(dataOf(new RunStory().after(5)));

    expect(markdown).toContain('# Incident report:');
    expect(markdown).toContain('Still open when this report was written');
    expect(markdown).toContain('No rollback was ordered.');
    expect(markdown).not.toContain('## Drill checklist');
  });
});

describe('the written report', () => {
  let root = '';
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'lastgood-reports-'));
  });
  afterEach(async () => {
    await rm(root, { recursive: true, force: true });
  });

  function reportsOf(story: RunStory, isLive = false): RunReports {
    const head = hashLine(JSON.stringify(story.records.at(-1)));
    return new RunReports({
      read: () => Promise.resolve({ records: story.records, head }),
      paths: dataPaths(root),
      nowFor: () => (isLive ? story.now : null),
      redact: redactPatterns,
    });
  }

  it('carries the hash of the last line of the journal', async () => {
    const story = exampleDrill();
    const reports = reportsOf(story);

    const path = await reports.write(STORY_RUN, 'json');

    const data = JSON.parse(await readFile(path, 'utf8')) as ReportData;
    expect(path).toBe(reports.pathOf(STORY_RUN, 'json'));
    expect(data.journal).toEqual({
      records: story.records.length,
      headHash: hashLine(JSON.stringify(story.records.at(-1))),
    });
  });

  it('holds no secret and no phone number, wherever they were written', async () => {
    const text = builtInText.replace(
      '- role: On-call engineer',
      "- role: On-call engineer\n      phone: '+00 123 456 789'",
    );
    const story = new RunStory('incident', text).order('PGPASSWORD=hunter2 stood in the log');
    story.add({ type: 'note.added', text: 'Called +00 123 456 789', by: 'Operator' });
    const reports = reportsOf(story);

    for (const format of ['markdown', 'json'] as const) {
      const report = await readFile(await reports.write(STORY_RUN, format), 'utf8');

      expect(report).not.toContain('hunter2');
      expect(report).not.toContain('123 456');
      expect(report).toContain('phone number left out');
    }
  });

  it('counts up to now while this console drives the run, and to the last record otherwise', async () => {
    const story = new RunStory().order().after(50);
    const seconds = async (isLive: boolean): Promise<number | null> => {
      const path = await reportsOf(story, isLive).write(STORY_RUN, 'json');
      return (JSON.parse(await readFile(path, 'utf8')) as ReportData).figures.rollbackSeconds;
    };

    expect(await seconds(true)).toBe(50);
    expect(await seconds(false)).toBe(0);
  });

  it('is refused for a run that is not there', async () => {
    const paths = dataPaths(root);
    const files = new RunFiles(paths);
    const reports = new RunReports({
      read: (runId) => files.read(runId),
      paths,
      nowFor: () => null,
      redact: redactPatterns,
    });

    await expect(reports.write(STORY_RUN, 'markdown')).rejects.toMatchObject({
      code: 'RUN_NOT_FOUND',
    });
  });
});
