import { AppError } from '../../../shared/errors/app-error.js';
import type { HostLine } from '../ssh/line.js';
import type { LineLight } from './reconnecting.js';

/** The same line; the light shows what becomes of it. */
export function lightLine(line: HostLine, light: LineLight): HostLine {
  const watched = async <Result>(work: Promise<Result>): Promise<Result> => {
    try {
      return await work;
    } catch (error) {
      if (error instanceof AppError && isLoss.has(error.code)) {
        light.isLost();
      }
      throw error;
    }
  };
  return {
    open: async (signal) => {
      const info = await watched(line.open(signal));
      light.isUp();
      return info;
    },
    exec: (command, options, signal) => watched(line.exec(command, options, signal)),
    connect: (host, port, signal) => line.connect(host, port, signal),
    connectSocket: (path, signal) => line.connectSocket(path, signal),
    connectCommand: (command, signal) => line.connectCommand(command, signal),
    get isUp() {
      return line.isUp;
    },
    close: () => line.close(),
  };
}

const isLoss: ReadonlySet<string> = new Set(['HOST_UNREACHABLE', 'HOST_LINE_LOST']);
