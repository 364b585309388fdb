const moment = /^\[?(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d))\]?[ \t]+/;

/** Apart by more, they tell different things. */
const SAME_MS = 2_000;

/** A line whose own moment is the one that stands beside it already: the room is for what it says. */
export function withoutMoment(text: string, at: string): string {
  const [start = '', own = ''] = moment.exec(text) ?? [];
  const apartMs = Math.abs(Date.parse(own) - Date.parse(at));
  return apartMs <= SAME_MS ? text.slice(start.length) : text;
}
