import type { PullProgress } from '../../connections/ports.js';

const stepPercent = 25;

/** One line for each layer's beginning, quarters and end: an engine says ten things a second for each of them. */
export function layerProgress(emit: (line: string) => void): (progress: PullProgress) => void {
  const said = new Map<string, string>();
  return ({ layer, status, doneBytes, totalBytes }) => {
    const done = doneBytes !== null && totalBytes !== null && totalBytes > 0;
    const percent = done
      ? ` ${String(Math.floor((doneBytes / totalBytes) * (100 / stepPercent)) * stepPercent)} % of ${megabytes(totalBytes)}`
      : '';
    const line = `${layer === null ? '' : `${layer}: `}${status}${percent}`;
    const key = layer ?? '';
    if (said.get(key) !== line) {
      said.set(key, line);
      emit(line);
    }
  };
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
