import {spawn} from 'node:child_process';

/** A program with its first arguments; the target is the last one. No shell ever reads it. */
type Opener = readonly [file: string, ...args: readonly string[]];

/**
 * What opens a link on this machine.
 *
 * @returns undefined if nobody is in front of it: over SSH, a browser would open somewhere else, or in this terminal.
 */
export function openerFor(
  variables: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): Opener | undefined {
  const {SSH_CONNECTION, SSH_TTY, DISPLAY, WAYLAND_DISPLAY, WSL_DISTRO_NAME} = variables;
  const isRemote = !!(SSH_CONNECTION || SSH_TTY);
  switch (platform) {
    case 'win32':
      return isRemote ? undefined : ['rundll32', 'url.dll,FileProtocolHandler'];
    case 'darwin':
      return isRemote ? undefined : ['open'];
    default:
      if (WSL_DISTRO_NAME && !isRemote) return ['rundll32.exe', 'url.dll,FileProtocolHandler'];
      return DISPLAY || WAYLAND_DISPLAY ? ['xdg-open'] : undefined;
  }
}

/** @returns Why the link could not be opened, once that is known; undefined if it was, or may have been. */
export async function openLink(
  target: string,
  [file, ...args]: Opener,
): Promise<string | undefined> {
  // The messages have made it a target of these kinds; what runs a program must not depend on that.
  if (!/^(?:https?:\/\/|mailto:)[!-~]+$/.test(target)) return 'it is no address of the web';
  return new Promise(resolve => {
    const opener = spawn(file, [...args, target], {stdio: 'ignore', detached: true});
    opener.on('error', ({message}) => resolve(message));
    opener.on('exit', code => resolve(code === 0 ? undefined : `${file} failed (${code})`));
    // The browser may be what runs: the chat does not wait for its end.
    opener.unref();
  });
}
