/** Whether a comma list of SSH's patterns names this host; one `!pattern` that matches settles it. */
export function matchesPatternList(list: string, name: string): boolean {
  const patterns = list.toLowerCase().split(',');
  const lower = name.toLowerCase();
  const isNamed = (pattern: string): boolean => matchesPattern(pattern, lower);
  if (patterns.some((pattern) => pattern.startsWith('!') && isNamed(pattern.slice(1)))) {
    return false;
  }
  return patterns.some((pattern) => !pattern.startsWith('!') && isNamed(pattern));
}

/** `*` is any run of characters, `?` any one; brackets are plain. Goes back to the last star only, so it is never slow. */
export function matchesPattern(pattern: string, name: string): boolean {
  let at = 0;
  let star = -1;
  let mark = 0;
  let index = 0;
  while (index < name.length) {
    const wanted = pattern[at];
    if (wanted === '*') {
      star = at;
      mark = index;
      at += 1;
    } else if (wanted === '?' || wanted === name[index]) {
      at += 1;
      index += 1;
    } else if (star >= 0) {
      at = star + 1;
      mark += 1;
      index = mark;
    } else {
      return false;
    }
  }
  return /^\**$/.test(pattern.slice(at));
}
