import {isSameName} from '../../../names/key.ts';
import type {HubLink} from '../../datagrams/hub-link.ts';
import type {Peers} from '../../datagrams/peers.ts';
import type {ClientHost, FailureReason, ListedUser, Request, UserStatus} from '../../protocol.ts';
import {isName, readDiffusion} from '../wire/text.ts';
import type * as wire from '../wire.ts';
import type {Membership} from './membership.ts';
import {encodeIn, listRequest, type Outgoing, type OutgoingText, type Unsent} from './messages.ts';

type TextsHost = Pick<ClientHost, 'emit' | 'nickname'> & {
  readonly link: HubLink<Outgoing, wire.Message>;
  readonly peers: Peers;
  readonly membership: Membership;
  /** Sends to the hub, with a number that is not ambiguous. */
  push(outgoing: Outgoing, now: number): void;
  /** The list lacks somebody who is there. */
  refreshSoon(): void;
};

/** Texts that we send, to everybody or to one person, and their delivery; and texts that we receive. */
export class Texts {
  readonly #host: TextsHost;
  /** All users but us. */
  #others: readonly ListedUser[] = [];

  constructor(host: TextsHost) {
    this.#host = host;
  }

  say({id, scope, text, only}: Extract<Request, {type: 'say'}>, now: number): void {
    const {link, peers, membership} = this.#host;
    const {mode, others} = membership;
    if (scope === 'room' && mode === 'decentralised') {
      link.statistics.sent++;
      peers.say(id, text, only ?? others, now);
    } else if ((scope === 'room') !== (mode !== undefined)) {
      this.#fail(id, 'left-room');
    } else {
      this.#push({id, scope, to: undefined, datagram: this.encode(scope, text)}, now);
    }
  }

  tell({id, to, text}: Extract<Request, {type: 'tell'}>, now: number): void {
    const {mode} = this.#host.membership;
    const scope = mode === undefined ? 'public' : 'room';
    if (mode === 'decentralised') this.#tellPeer({id, to}, text, now);
    else if (!isName(to)) this.#fail(id, 'no-such-user');
    else this.#push({id, scope, to, datagram: this.encode(scope, text, to)}, now);
  }

  /** @param parts The message, and the reader's name if it is for one person. */
  encode(scope: UserStatus, ...parts: readonly string[]): Uint8Array {
    const mode = this.#host.membership.mode ?? 'centralised';
    return encodeIn(scope, mode, 'message', ...parts);
  }

  answered(type: wire.MessageType, {id, to, place}: OutgoingText, now: number): void {
    const {emit, membership} = this.#host;
    if (type === 'ack') emit({type: 'delivered', id});
    else if (type === 'envoieInvalide') {
      this.#fail(id, to === undefined ? 'refused-by-hub' : this.#whyUnknown(to));
    } else if (type === 'messagerieSeTermine') {
      this.#fail(id, 'left-room');
      membership.ended(place, 'closed', now);
    } else {
      // Perhaps we are in a room ourselves: then the hub will tell us.
      const isRecipient = to !== undefined && membership.mode === undefined;
      this.#fail(id, isRecipient ? 'recipient-in-room' : 'entered-room');
      if (to === undefined && place === membership.place) membership.foundElsewhere(now);
    }
  }

  abandoned({id}: Pick<OutgoingText, 'id'>, wasSent: boolean): void {
    this.#fail(id, wasSent ? 'hub-silent' : 'not-connected');
  }

  learnList(others: readonly ListedUser[]): void {
    this.#others = others;
  }

  /** The list that was requested for it has come. */
  explain({id, to}: Unsent): void {
    this.#fail(id, this.#whyUnknown(to));
  }

  /** Receives a 0x09. @param sequence The hub's number. */
  receive(sequence: number, parts: readonly string[], now: number): void {
    const {nickname, emit, link, membership, refreshSoon} = this.#host;
    const said = readDiffusion(parts);
    if (said === undefined || !isName(said.author) || said.author === nickname) return;
    const {message: text, author: from, recipient} = said;
    const scope = recipient === nickname ? 'direct' : membership.placeOf(sequence, now);
    if (!this.#others.some(({nick}) => nick === from)) refreshSoon();
    link.statistics.received++;
    emit({type: 'message', scope, from, text});
  }

  /** In a decentralised room, a text for one member goes directly to that member and not through the hub (R4). */
  #tellPeer(unsent: Unsent, text: string, now: number): void {
    const {link, peers, membership, push} = this.#host;
    if (membership.others.includes(unsent.to)) {
      link.statistics.sent++;
      peers.tell(unsent.id, text, unsent.to, now);
    } else if (link.isRegistered) {
      // The person may have come after our last list.
      push({...listRequest, unsent}, now);
    } else {
      this.explain(unsent);
    }
  }

  #push(text: Pick<OutgoingText, 'id' | 'scope' | 'to' | 'datagram'>, now: number): void {
    const {link, membership, push} = this.#host;
    if (!link.isRegistered) {
      this.#fail(text.id, 'not-connected');
      return;
    }
    link.statistics.sent++;
    push({about: 'text', place: membership.place, ...text}, now);
  }

  /** In a room the hub also calls everybody outside of it unknown. */
  #whyUnknown(to: string): FailureReason {
    const isListed = this.#others.some(({nick}) => isSameName(nick, to));
    const isOutside = isListed && this.#host.membership.mode !== undefined;
    return isOutside ? 'recipient-outside' : 'no-such-user';
  }

  #fail(id: number, reason: FailureReason): void {
    this.#host.emit({type: 'failed', id, reason, pending: []});
  }
}
