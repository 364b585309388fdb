/** "3 steps", "1 step". */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${grouped(number)} ${number === 1 ? one : many}`;
}

/** Most numbers are small, and the first question for a language's way of writing them takes 6 ms. */
function grouped(number: number): string {
  return Number.isInteger(number) && Math.abs(number) < 1_000
    ? String(number)
    : number.toLocaleString('en-GB');
}

/** "once", "3 times". */
export function times(number: number): string {
  return number === 1 ? 'once' : count(number, 'time');
}
