import { StringDecoder } from 'node:string_decoder';
import { z } from 'zod';
import { AppError } from '../../shared/errors/app-error.js';
import { isDiskFull, oneLine } from './docker-errors.js';
import type { PullProgress } from './ports.js';

const Said = z.looseObject({
  id: z.string().optional(),
  status: z.string().optional(),
  error: z.string().optional(),
  errorDetail: z.looseObject({ message: z.string().optional() }).optional(),
  progressDetail: z
    .looseObject({ current: z.number().optional(), total: z.number().optional() })
    .nullish(),
});

export type PullReader = {
  readonly push: (chunk: Buffer) => void;
  /** DOCKER_PULL_FAILED when the engine said so in the middle of an answer that began well. */
  readonly end: () => void;
};

/** Reads the engine's answer to a pull, one JSON object a line. An error stands in the middle of it, under status 200. */
export function createPullReader(
  reference: string,
  onProgress: (progress: PullProgress) => void,
): PullReader {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let failure: string | null = null;
  const take = (line: string): void => {
    const said = parseLine(line);
    failure ??= failureIn(said);
    if (said?.status !== undefined) {
      onProgress(toProgress(said, said.status));
    }
  };
  return {
    push: (chunk) => {
      const lines = (rest + decoder.write(chunk)).split('\n');
      rest = lines.pop() ?? '';
      lines.forEach(take);
    },
    end: () => {
      take(rest);
      if (failure !== null) {
        const code = isDiskFull(failure) ? 'DOCKER_DISK_FULL' : 'DOCKER_PULL_FAILED';
        throw new AppError(code, `${reference}: ${oneLine(failure)}`);
      }
    },
  };
}

type Said = z.infer<typeof Said>;

function failureIn(said: Said | null): string | null {
  return said?.errorDetail?.message ?? said?.error ?? null;
}

function toProgress({ id, progressDetail }: Said, status: string): PullProgress {
  return {
    layer: id ?? null,
    status,
    doneBytes: progressDetail?.current ?? null,
    totalBytes: progressDetail?.total ?? null,
  };
}

function parseLine(line: string): Said | null {
  if (line.trim() === '') {
    return null;
  }
  try {
    return Said.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}
