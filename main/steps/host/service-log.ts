import { z } from 'zod';
import { AppError } from '../../../shared/errors/app-error.js';
import type { HostPort, LogLine } from '../../connections/ports.js';
import type { ServiceLog } from '../log-source.js';
import { shellCommand, shellQuote } from '../shell-quote.js';
import type { StepContext } from '../step-kind.js';
import { followFiles } from './follow-files.js';
import type { FileCursors } from './follow-files.js';
import { brokenEntry, followJournal, parseEntry } from './follow-journal.js';
import { cutLine } from './long-line.js';
import { accountOf, FIELD, look, mostRights, rowsOf } from './look.js';
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

const mostLines = 10_000;
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
    readNew: (raw, context) => {
      const mark = HostMark.parse(raw);
      const port = context.connections.host(host);
      return process.kind === 'systemd'
        ? journalSince(port, process.unit, cursorOf(mark), context.signal)
        : filesSince(port, process, filesOf(mark), context);
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
    return (signal) => followJournal(port, process.unit, cursor, onLine, signal);
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

async function journalSince(
  port: HostPort,
  unit: string,
  cursor: string | null,
  signal: AbortSignal,
): Promise<readonly LogLine[]> {
  const from = cursor === null ? '' : ` --after-cursor=${shellQuote(cursor)}`;
  const options = `--lines=${String(mostLines)}${from} --unit=${shellQuote(unit)}`;
  const entries = await readJournal(port, options, `Reading the journal of ${unit}`, signal);
  return entries.map(({ line }) => line);
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

/** A file that was rotated or cut since is read from its beginning. */
async function filesSince(
  port: HostPort,
  app: Pm2App,
  files: readonly FileMark[],
  { signal }: StepContext,
): Promise<readonly LogLine[]> {
  const as = await accountOf(port, app.owner, signal);
  const read = files.map(
    ({ path, inode, offset }) => `path=${shellQuote(path)} offset=${String(offset)}
if now=$(stat -L -c '%i %s' -- "$path" 2>/dev/null); then
  [ "\${now% *}" = ${shellQuote(inode)} ] && [ "\${now#* }" -ge "$offset" ] || offset=0
  tail -c "+$((offset + 1))" -- "$path" | tail -n ${String(mostLines)}
fi
printf '\\n'
row end ''
`,
  );
  const what = `Reading the log of ${app.app}`;
  const stdout = await look(port, { text: read.join(''), as, what }, signal);
  const at = new Date().toISOString();
  return stdout.split(`\nend${FIELD}\n`).flatMap((text, index) => {
    const stream = files[index]?.stream ?? 'stdout';
    const lines = text.split('\n').filter((line) => line !== '');
    return lines.map((line) => ({ at, stream, text: cutLine(line.replace(/\r$/, '')) }));
  });
}
