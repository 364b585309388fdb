import type { LogEntry } from '../../shared/ipc/views.js';
import type { HostPort, LogLine } from '../connections/ports.js';
import { followFiles } from '../steps/host/follow-files.js';
import type { FileCursors } from '../steps/host/follow-files.js';
import { followJournal } from '../steps/host/follow-journal.js';
import type { JournalCursor } from '../steps/host/follow-journal.js';
import { accountOf } from '../steps/host/look.js';
import { logFilesOf } from '../steps/host/service-pm2.js';
import { cpuPercentBetween, nameOfProcess, seeProcess } from '../steps/host/service-process.js';
import type { HostedProcess, ProcessSight } from '../steps/host/service-process.js';
import type { LogSink, ServiceView } from './service-view.js';

const RETRY_MS = 500;

/** The service as a unit or an app on a host. */
export function hostServiceView(port: HostPort, host: string, process: HostedProcess): ServiceView {
  const title = `${nameOfProcess(process)} on ${host}`;
  let before: ProcessSight | null = null;
  return {
    title,
    async use(signal) {
      const now = await seeProcess(port, process, signal).catch(() => null);
      const cpuPercent = now === null ? null : cpuPercentBetween(before, now);
      before = now;
      const { memoryBytes = null, restarts = null } = now ?? {};
      return { cpuPercent, memoryBytes, restarts };
    },
    restarts: (signal) =>
      seeProcess(port, process, signal).then(
        ({ restarts }) => restarts,
        () => null,
      ),
    async followLog(sink, signal) {
      sink.onEntries([entry(sink, `log of ${title}`)]);
      const follow = follower(port, process, sink);
      while (!signal.aborted) {
        // A line that is down is the lights' to say; the next turn goes on where this one was.
        await follow(signal).catch(() => undefined);
        await sink.delay(RETRY_MS, signal).catch(() => undefined);
      }
    },
  };
}

function follower(
  port: HostPort,
  process: HostedProcess,
  sink: LogSink,
): (signal: AbortSignal) => Promise<void> {
  const onLine = ({ at, stream, text }: LogLine): void => {
    sink.onEntries([{ at, stepId: null, stream, text, isError: sink.isErrorLine(text) }]);
  };
  if (process.kind === 'systemd') {
    const cursor: JournalCursor = { last: null };
    return (signal) => followJournal(port, process.unit, cursor, onLine, signal);
  }
  const cursors: FileCursors = new Map();
  return async (signal) => {
    const { stdout, stderr } = await logFilesOf(port, process, signal);
    const files = [
      ...stdout.map((path) => ({ path, stream: 'stdout' as const })),
      ...stderr.map((path) => ({ path, stream: 'stderr' as const })),
    ];
    const as = await accountOf(port, process.owner, signal);
    if (files.length > 0) {
      await followFiles(port, { files, as, now: sink.now }, cursors, onLine, signal);
    }
  };
}

function entry(sink: LogSink, text: string): LogEntry {
  return { at: sink.now(), stepId: null, stream: 'mark', text, isError: false };
}
