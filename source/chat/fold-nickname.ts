/** What has to differ between two nicknames: case, width and the composition of accents do not. */
export function foldNickname(nickname: string): string {
  // Upper case last: in lower case a sigma at the end of a word is a letter of its own.
  return nickname.normalize('NFKC').toLowerCase().toUpperCase().normalize('NFKC');
}
