import { z } from 'zod';
import { AppError } from '../../../shared/errors/app-error.js';
import type { HostPort, LogLine } from '../../connections/ports.js';
import type { ServiceLog } from '../log-source.js';
import { shellCommand, shellQuote } from '../shell-quote.js';
import { followFiles } from './follow-files.js';
import type { FileCursors } from './follow-files.js';
import { askScript, brokenEntry, followJournal, parseEntry } from './follow-journal.js';
import { accountOf, look, mostRights, rowsOf } from './look.js';
import { logFilesOf } from './service-pm2.js';
import type { Pm2App } from './service-pm2.js';
import { nameOfProcess } from './service-process.js';
import type { HostedProcess } from './service-process.js';

const FileMark = z.strictObject({
  path: z.string(),
  stream: z.enum(['stdout', 'stderr']),
  inode: z.string(),
  offset: z.int().nonnegative(),
});
type FileMark = z.infer<typeof FileMark>;

export const HostMark = z.union([
  /** Of systemd's journal; null where it held nothing of the unit. */
  z.strictObject({ cursor: z.string().nullable() }),
  z.strictObject({ files: z.array(FileMark) }),
]);
type HostMark = z.infer<typeof HostMark>;

const retryMs = 500;

export function hostLog(place: {
  readonly host: string;
  readonly process: HostedProcess;
}): ServiceLog {
  const { host, process } = place;
  return {
    title: `${nameOfProcess(process)} on ${host}`,
    followCommand:
      process.kind === 'systemd'
        ? shellCommand('sudo', 'journalctl', '--follow', '--lines', '10', '--unit', process.unit)
        : shellCommand('pm2', 'logs', process.app, '--lines', '10'),

    mark: (context) => {
      const port = context.connections.host(host);
      return process.kind === 'systemd'
        ? markJournal(port, process.unit, context.signal)
        : markFiles(port, process, context.signal);
    },
    async followNew(mark, onLine, context, signal) {
      const follow = follower(
        context.connections.host(host),
        process,
        HostMark.parse(mark),
        onLine,
      );
      for (;;) {
        try {
          await follow(signal);
        } catch (thrown) {
          if (!(thrown instanceof AppError) || !isOfLine.has(thrown.code)) {
            throw thrown;
          }
        }
        if (signal.aborted) {
          return;
        }
        // The cursor is kept, so what was said while the line was down is not lost.
        await context.delay(retryMs);
      }
    },
  };
}

const isOfLine: ReadonlySet<string> = new Set(['HOST_UNREACHABLE', 'HOST_LINE_LOST']);

function cursorOf(mark: HostMark): string | null {
  return 'cursor' in mark ? mark.cursor : null;
}

function filesOf(mark: HostMark): readonly FileMark[] {
  return 'files' in mark ? mark.files : [];
}

function follower(
  port: HostPort,
  process: HostedProcess,
  mark: HostMark,
  onLine: (line: LogLine) => void,
): (signal: AbortSignal) => Promise<void> {
  if (process.kind === 'systemd') {
    const cursor = { last: cursorOf(mark) };
    let isSoon = true;
    return async (signal) => {
      if (isSoon) {
        await followJournal(port, process.unit, cursor, onLine, signal, askScript);
      }
      // What takes longer is soon enough heard of by following, which is cheaper for the host.
      isSoon = false;
      if (!signal.aborted) {
        await followJournal(port, process.unit, cursor, onLine, signal);
      }
    };
  }
  const files = filesOf(mark);
  const cursors: FileCursors = new Map(
    files.map(({ path, inode, offset }) => [path, { inode, offset, rest: '' }]),
  );
  return async (signal) => {
    const as = await accountOf(port, process.owner, signal);
    // PM2 keeps no times in its log; when a line came here is as near as it gets.
    const now = (): string => new Date().toISOString();
    await followFiles(port, { files, as, now }, cursors, onLine, signal);
  };
}

async function markJournal(
  port: HostPort,
  unit: string,
  signal: AbortSignal,
): Promise<{ cursor: string | null }> {
  const options = `--lines=1 --unit=${shellQuote(unit)}`;
  const lines = await readJournal(port, options, `Looking at the journal of ${unit}`, signal);
  return { cursor: lines.at(-1)?.cursor ?? null };
}

async function readJournal(port: HostPort, options: string, what: string, signal: AbortSignal) {
  const as = await mostRights(port, signal);
  const text = `command -v journalctl >/dev/null 2>&1 || fail 'this host has no journal'
journalctl --no-pager --quiet --all --output=json ${options} || fail 'journalctl failed'
`;
  const stdout = await look(port, { text, as, what }, signal);
  return stdout.split('\n').flatMap((line) => parseEntry(line) ?? brokenEntry(line) ?? []);
}

async function markFiles(
  port: HostPort,
  app: Pm2App,
  signal: AbortSignal,
): Promise<{ files: FileMark[] }> {
  const { stdout, stderr } = await logFilesOf(port, app, signal);
  const named = [
    ...stdout.map((path) => ({ path, stream: 'stdout' as const })),
    ...stderr.map((path) => ({ path, stream: 'stderr' as const })),
  ];
  const text = named
    .map(({ path }) => `row file "$(stat -L -c '%i %s' -- ${shellQuote(path)} 2>/dev/null || :)"\n`)
    .join('');
  const as = await accountOf(port, app.owner, signal);
  const rows = rowsOf(
    await look(port, { text, as, what: `Looking at the log of ${app.app}` }, signal),
    'file',
  );
  return {
    files: named.map((file, index) => {
      const [inode = '', size = ''] = (rows[index]?.[0] ?? '').split(' ');
      return { ...file, inode, offset: /^\d+$/.test(size) ? Number(size) : 0 };
    }),
  };
}
