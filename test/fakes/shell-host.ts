import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { StringDecoder } from 'node:string_decoder';
import { harmless } from '../../main/connections/host/host-lines.js';
import type { HostInfo, HostPort, HostScript } from '../../main/connections/ports.js';
import { AppError } from '../../shared/errors/app-error.js';

export type ShellHost = HostPort & {
  /** Every script that was run, with as whom. */
  readonly scripts: HostScript[];
  /** Breaks everything that is being followed, as a line that drops does. */
  readonly cut: () => void;
};

export type ShellHostOptions = {
  readonly info?: Partial<HostInfo>;
  /** A folder of programs that stand in for the real ones. */
  readonly programs?: string;
  /** Where a connection to any port leads; without it to the port that was asked for, on this machine. */
  readonly leadsTo?: () => AddressInfo;
};

/** A host that is this machine: reading scripts run in its real shell, as whoever runs the tests. It starts no jobs. */
export function shellHost({ info, programs, leadsTo }: ShellHostOptions = {}): ShellHost {
  const scripts: HostScript[] = [];
  const followed = new Set<(error: Error) => void>();
  const path = `${programs === undefined ? '' : `${programs}:`}/usr/local/bin:/usr/bin:/bin`;
  const start = (script: HostScript) => {
    scripts.push(script);
    const child = spawn('sh', ['-s'], { detached: true, env: { PATH: path, HOME: '/nowhere' } });
    child.stdin.end(script.text);
    return child;
  };
  const noJobs = () => Promise.reject(new Error('This host starts no jobs.'));
  return {
    scripts,
    cut: () => {
      for (const breakOff of followed) {
        breakOff(new AppError('INTERNAL', 'The line dropped.'));
      }
    },
    info: () => Promise.resolve({ ...someInfo, ...info }),
    read: async (script) => {
      const child = start(script);
      const texts = { stdout: '', stderr: '' };
      for (const stream of ['stdout', 'stderr'] as const) {
        child[stream].setEncoding('utf8').on('data', (text: string) => {
          texts[stream] += text;
        });
      }
      const exitCode = await new Promise<number>((resolve) => {
        child.on('close', (code) => {
          resolve(code ?? 128);
        });
      });
      return { exitCode, ...texts, isCut: false };
    },
    follow: (script, onLine, signal) =>
      new Promise((resolve, reject) => {
        const child = start(script);
        const end = (then: () => void): void => {
          followed.delete(breakOff);
          signal.removeEventListener('abort', stop);
          process.kill(-(child.pid ?? 0), 'SIGKILL');
          then();
        };
        const breakOff = (error: Error): void => {
          end(() => {
            reject(error);
          });
        };
        const stop = (): void => {
          end(resolve);
        };
        followed.add(breakOff);
        signal.addEventListener('abort', stop);
        for (const stream of ['stdout', 'stderr'] as const) {
          linesOf(child[stream], (line) => {
            if (followed.has(breakOff)) {
              onLine(line, stream);
            }
          });
        }
        child.on('close', () => {
          if (followed.delete(breakOff)) {
            signal.removeEventListener('abort', stop);
            resolve();
          }
        });
      }),
    connect: (host, port) =>
      new Promise((resolve, reject) => {
        const socket = connect(leadsTo?.().port ?? port, host);
        socket.once('connect', () => {
          resolve(socket);
        });
        socket.once('error', reject);
      }),
    run: noJobs,
    job: noJobs,
    seal: noJobs,
    pickUp: noJobs,
    cancel: noJobs,
    cleanUp: () => Promise.resolve([]),
  };
}

export const someInfo: HostInfo = {
  name: 'app-1',
  user: 'deploy',
  address: '192.0.2.7:22',
  hostName: 'app-1.example',
  fingerprint: 'SHA256:Zm9vYmFy',
  machineId: '0123456789abcdef0123456789abcdef',
  sudo: 'passwordless',
  hasSystemd: true,
};

function linesOf(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  stream.on('data', (bytes: Buffer) => {
    const lines = (rest + decoder.write(bytes)).split('\n');
    rest = lines.pop() ?? '';
    lines.forEach((line) => {
      onLine(harmless(line));
    });
  });
}
