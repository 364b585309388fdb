/** What a command's own parser says instead of its arguments. */
export type NotRun =
  | { readonly type: 'help'; readonly text: string }
  | { readonly type: 'bad'; readonly message: string };

export function bad(message: string): NotRun {
  return { type: 'bad', message: `${message} See lastgood --help.` };
}

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600 };
const DAY_SECONDS = 86_400;

/** Seconds, or NaN for what is not a length between half a second and a day. */
export function parseLength(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(s|m|h)$/.exec(text);
  const seconds = Number(match?.[1]) * (unitSeconds[match?.[2] ?? ''] ?? Number.NaN);
  return seconds >= 0.5 && seconds <= DAY_SECONDS ? seconds : Number.NaN;
}

/** The one run a command is about. */
export function oneRun(positionals: readonly string[]): string | NotRun {
  const [run, second] = positionals;
  if (run === undefined) {
    return bad('Which run? lastgood runs lists them.');
  }
  if (second !== undefined) {
    return bad(`One run at a time; “${second}” is one too many.`);
  }
  return isRunPart.test(run)
    ? run
    : bad(`“${run}” is not the id of a run, nor the beginning of one.`);
}

const isRunPart = /^[0-9a-f][0-9a-f-]{0,35}$/i;
