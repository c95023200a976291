/** Times as people read them, of milliseconds since 1970. */

/** `14:05`. */
export function timeOf(at: number): string {
  const date = new Date(at);
  const digits = (number: number) => String(number).padStart(2, '0');
  return `${digits(date.getHours())}:${digits(date.getMinutes())}`;
}

/** `Jan 01`. */
export function dayOf(at: number): string {
  return new Date(at).toDateString().slice(4, 10);
}
