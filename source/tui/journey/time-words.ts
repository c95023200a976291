/** Numbers and times as people say them. */

const ordinals = ['no', 'first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh'];

/** `third`. */
export function ordinal(number: number): string {
  // No text is sent a hundred times.
  const ending = number > 20 ? ['th', 'st', 'nd', 'rd'][number % 10] : undefined;
  return ordinals[number] ?? `${number}${ending ?? 'th'}`;
}

/** `16:22:07.412`, or without milliseconds. */
export function clockOf(wallClock: number, hasMilliseconds = true): string {
  const date = new Date(wallClock);
  const digits = (part: number, length = 2) => String(part).padStart(length, '0');
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map(part => digits(part))
    .join(':');
  return hasMilliseconds ? `${time}.${digits(date.getMilliseconds(), 3)}` : time;
}

/** `3 ms`, `1.2 s`, `2 min`. */
export function durationOf(ms: number): string {
  if (ms < 1) return `${Number(ms.toFixed(1))} ms`;
  if (ms < 500) return `${Math.round(ms)} ms`;
  if (ms < 99_950) return `${Number((ms / 1000).toFixed(1))} s`;
  return ms < 5_970_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 3_600_000)} h`;
}
