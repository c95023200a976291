import {isLoopback} from '../transport/own-address.ts';
import {type Address, formatLink, shortAddress} from './address.ts';

export type Share = {
  /** Joins the hub where the program is installed (client/address.ts). */
  readonly link: string;
  /** Who can use it, and how without a link. */
  readonly note: string;
};

/**
 * How others join the hub at that address.
 *
 * @param isOwn It is inside this program, and listens on this machine alone.
 * @param machine The address of this machine for others.
 */
export function shareOf(
  address: Address,
  {isOwn, machine}: {readonly isOwn: boolean; readonly machine: string | undefined},
): Share {
  const shared =
    isLoopback(address.host) && !isOwn && machine !== undefined
      ? {...address, host: machine}
      : address;
  const how = `chat-tui ${shortAddress(shared)}`;
  const link = formatLink(shared);
  if (shared !== address) {
    const note = `Others join with ${how}, if the hub listens on that address of this machine, as chat-tui serve does.`;
    return {link, note};
  }
  return {
    link,
    note: isLoopback(address.host)
      ? `Others on this machine join with ${how}. For people elsewhere, start a hub with chat-tui serve.`
      : `Others join with ${how}`,
  };
}
