/** Messages of the hub, encoded once with number 0 for all their readers. */
import type {ToClient} from '../datagrams/sessions.ts';
import * as wire from './wire.ts';

/** A message to be confirmed. */
export type HubMessage = ToClient & {readonly type: wire.MessageType};

export function outgoing(
  type: wire.MessageType,
  fields: Partial<Omit<wire.Message, 'type'>>,
): HubMessage {
  const datagram = wire.encode(wire.message(type, fields));
  return {type, datagram, isRequired: type === 'C' || type === 'D'};
}

export function notice(code: number, nickname = ''): HubMessage {
  return outgoing('B', {code, nickname});
}

/** The hub asks for a sign of life with an empty public text (R9). */
export const probe = outgoing('C', {});

export function list(
  users: Iterable<{readonly nickname: string; readonly room: number | undefined}>,
  flag: boolean,
): Uint8Array {
  const data = wire.encodeList(
    Array.from(users, ({nickname, room}) => ({
      nick: nickname,
      status: room === undefined ? 'public' : 'room',
    })),
  );
  return wire.encode(wire.message('E', {ack: true, flag, data}));
}

const confirmations = new Map<string, Uint8Array>();

export function confirmation(type: wire.MessageType, flag: boolean): Uint8Array {
  const key = `${type}${flag}`;
  const known = confirmations.get(key) ?? wire.encode(wire.message(type, {ack: true, flag}));
  confirmations.set(key, known);
  return known;
}

/** The name of an invitee as it was requested, cut to the size of the field. */
export function echo(nickname: string): string {
  return nickname.replaceAll(/[^a-zA-Z0-9]/g, '').slice(0, 10);
}
