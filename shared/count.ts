/** "3 steps", "1 step". */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en-GB')} ${number === 1 ? one : many}`;
}

/** "once", "3 times". */
export function times(number: number): string {
  return number === 1 ? 'once' : count(number, 'time');
}
