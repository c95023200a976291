import type {ChatEvent} from '../../chat/events.ts';
import type {UserId} from '../../chat/words.ts';
import type {Decoded} from '../../transport/decoded.ts';
import type {
  Connection,
  DepartureReason,
  Endpoint,
  HubHost,
  HubListener,
  RegistrationRefusal,
  StreamHubEnd,
} from '../protocol.ts';
import {type Member, type Session, Sessions} from '../streams/sessions.ts';
import * as wire from './wire.ts';

/** A full hub answers TKN and not ERR: like a taken name, it may be different at the next attempt. */
const refusals = {
  'name-in-use': 'taken',
  'hub-full': 'taken',
  'name-invalid': 'error',
} as const satisfies Record<RegistrationRefusal, wire.HubMessage['type']>;

const whoAreYou = wire.encodeHubMessage({type: 'whoAreYou'});
const tooLong = wire.encodeHubMessage({type: 'error', about: ''});

/** The hub's end of `whoiam` (docs/protocols/whoiam.md, "Exchanges"). */
export class WhoiamHub implements StreamHubEnd {
  readonly #host: HubHost;
  readonly #sessions: Sessions<Session>;
  #list: {readonly version: number; readonly line: Uint8Array} | undefined;

  constructor(host: HubHost) {
    this.#host = host;
    this.#sessions = new Sessions({
      ...host,
      create: session => session,
      greeting: whoAreYou,
      complaint: tooLong,
      serveNext: (session, now) => this.#serveNext(session, now),
      refusal: encodeRefusal,
      welcome: (_user, nickname) => wire.encodeHubMessage({type: 'arrival', nickname}),
      farewell: encodeFarewell,
    });
  }

  get dueAt(): number {
    return this.#sessions.dueAt;
  }

  get isBusy(): boolean {
    return this.#sessions.isBusy;
  }

  accept(connection: Connection, now: number): HubListener {
    return this.#sessions.accept(connection, now);
  }

  onTime(now: number): void {
    this.#sessions.onTime(now);
  }

  deliver(event: ChatEvent, to: readonly UserId[], now: number): void {
    switch (event.type) {
      case 'arrived': {
        // The newcomer has been told already, before the answers to the lines that came with the nickname.
        const others = to.filter(user => user !== event.user);
        this.#writeAll(others, {type: 'arrival', nickname: event.nickname}, now);
        break;
      }
      case 'departed':
        this.#writeAll(to, {type: 'departure', nickname: event.nickname}, now);
        break;
      case 'said':
        this.#writeAll(to, {type: 'publicText', author: event.nickname, text: event.text}, now);
        break;
      case 'told':
        this.#writeAll(to, {type: 'privateText', author: event.nickname, text: event.text}, now);
        break;
      default:
      // There are neither rooms nor links here.
    }
  }

  suspect(user: UserId, from: Endpoint, now: number): void {
    this.#sessions.suspect(user, from, now);
  }

  expel(user: UserId, reason: DepartureReason, now: number): void {
    this.#sessions.expel(user, reason, now);
  }

  /**
   * The protocol has no word for a hub that ends. Before the hub closes a connection, it tells its user that they
   * themselves have left.
   */
  close(now: number): void {
    this.#sessions.close(now);
  }

  #serveNext(session: Session, now: number): Decoded<wire.ClientMessage> | undefined {
    const line = session.frames.read(wire.readClientMessage);
    if (line?.ok) this.#serve(session, line.message, now);
    return line;
  }

  #serve(session: Session, message: wire.ClientMessage, now: number): void {
    const {state} = session;
    if (message.type === 'blank') return;
    if (state.is === 'member') this.#serveMember(session, state, message, now);
    else if (message.type === 'identify') this.#sessions.register(session, message.nickname);
    else {
      this.#host.drop('unregistered');
      this.#sessions.write(session, whoAreYou, now);
    }
  }

  #serveMember(
    session: Session,
    member: Member,
    message: Exclude<wire.ClientMessage, wire.BlankMessage>,
    now: number,
  ): void {
    switch (message.type) {
      case 'identify':
        this.#refuse(session, message.nickname, now);
        break;
      case 'unknown':
        this.#refuse(session, message.keyword, now);
        break;
      case 'who':
        this.#sessions.write(session, this.#listOfEveryone(), now);
        break;
      case 'publicText':
        this.#say(session, member, message.text);
        break;
      case 'privateText':
        this.#tell(session, member, message, now);
        break;
      case 'leave':
        this.#sessions.write(session, encodeFarewell(member.nickname), now);
        this.#sessions.dismiss(session, 'disconnected', now);
        break;
    }
  }

  #refuse(session: Session, about: string, now: number): void {
    this.#host.drop('unexpected');
    this.#sessions.write(session, wire.encodeHubMessage({type: 'error', about}), now);
  }

  #say(session: Session, {user}: Member, text: string): void {
    if (text === '' || !this.#isShortEnough(text)) return;
    this.#sessions.propose(session, {type: 'say', user, scope: 'public', text});
  }

  #tell(
    session: Session,
    {user, nickname}: Member,
    {to, text}: Extract<wire.ClientMessage, {type: 'privateText'}>,
    now: number,
  ): void {
    if (!this.#isShortEnough(text)) return;
    // An empty text is not passed on, but its author still learns if nobody has the name.
    const reader = this.#host.chat.find(to)?.id;
    if (text === '' && reader !== undefined) return;
    const refuse = (at: number) =>
      this.#sessions.write(session, wire.encodeHubMessage({type: 'error', about: nickname}), at);
    if (reader === undefined) refuse(now);
    else {
      const command = {type: 'tell', user, to: reader, text} as const;
      this.#sessions.propose(session, command, ({refusal}, at) => {
        if (refusal !== undefined) refuse(at);
      });
    }
  }

  /** Counted after decoding, because invalid UTF-8 becomes longer. The protocol has no line to tell the author. */
  #isShortEnough(text: string): boolean {
    const isShort = wire.textBytes(text) <= wire.maximumTextBytes;
    if (!isShort) this.#host.drop('too-long');
    return isShort;
  }

  #listOfEveryone(): Uint8Array {
    const version = this.#host.chat.rosterVersion;
    if (this.#list?.version !== version) {
      const nicknames = Array.from(this.#host.chat.users(), ({nickname}) => nickname);
      this.#list = {version, line: wire.encodeHubMessage({type: 'everyone', nicknames})};
    }
    return this.#list.line;
  }

  /** Encoded once for all of them. */
  #writeAll(
    to: readonly UserId[],
    message: Parameters<typeof wire.encodeHubMessage>[0],
    now: number,
  ): void {
    this.#sessions.writeAll(to, wire.encodeHubMessage(message), now);
  }
}

function encodeRefusal(nickname: string, reason: RegistrationRefusal): Uint8Array {
  const type = refusals[reason];
  return wire.encodeHubMessage(type === 'taken' ? {type, nickname} : {type, about: nickname});
}

/** The leaver's own LFT, before the connection is closed. */
function encodeFarewell(nickname: string): Uint8Array {
  return wire.encodeHubMessage({type: 'departure', nickname});
}
