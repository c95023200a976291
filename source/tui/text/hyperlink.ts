/**
 * The text as a link of the terminal (OSC 8). Its parts on several rows have the same id, and are one link.
 *
 * @param target In ASCII, without controls.
 */
export function hyperlink(text: string, target: string): string {
  return `\u001b]8;id=${idOf(target)};${target}\u0007${text}\u001b]8;;\u0007`;
}

/** A hash (FNV-1a): the terminal compares the target too. */
function idOf(target: string): string {
  let hash = 0x81_1c_9d_c5;
  for (let index = 0; index < target.length; index++) {
    hash = Math.imul(hash ^ target.charCodeAt(index), 0x01_00_01_93);
  }
  return (hash >>> 0).toString(36);
}
