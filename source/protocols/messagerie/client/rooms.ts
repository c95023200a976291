import type {Peers} from '../../datagrams/peers.ts';
import type {ErrorCode, Request} from '../../protocol.ts';
import {type Reason, reasons} from '../reasons.ts';
import type {AccessAnswer, CreateAnswer} from '../wire/messages.ts';
import {Location} from './location.ts';
import {Membership, type MembershipHost} from './membership.ts';
import type {HubRequest, RequestHost} from './messages.ts';

type Asked<About extends HubRequest['about']> = HubRequest & {readonly about: About};

type RoomsHost = RequestHost & Pick<MembershipHost, 'nickname' | 'refreshSoon' | 'show'>;

/** Our questions to the hub about rooms, and what the answers mean for our membership. */
export class Rooms {
  readonly #host: RoomsHost;
  readonly membership: Membership;
  readonly location: Location;

  constructor(host: RoomsHost, peers: Peers) {
    this.#host = host;
    this.membership = new Membership(
      {
        ...host,
        askForMembers: room => this.#askForMembers(room),
        askForAddresses: room => host.ask({about: 'addresses', room}),
        doubtPlace: () => this.#doubtPlace(),
      },
      peers,
    );
    this.location = new Location(this.membership);
  }

  create({name: room, mode, maximumMembers: most}: Extract<Request, {type: 'create-room'}>): void {
    this.#host.ask({about: 'creation', room, mode, most});
  }

  join(room: string): void {
    const {name, mode} = this.membership;
    if (room === name) this.#error('already-in-room', room);
    else this.#host.ask({about: 'entrance', room, isMoving: mode !== undefined});
  }

  invite(nicknames: readonly string[]): void {
    if (this.membership.name === undefined) {
      this.#error('not-in-room', '');
      return;
    }
    for (const nick of nicknames) {
      this.membership.invite(nick);
      this.#host.ask({about: 'invitation', nick});
    }
  }

  leave(now: number): void {
    if (this.membership.mode === undefined) return;
    this.depart(now);
    this.#host.ask({about: 'leaving'});
  }

  /** Leaves without telling the hub, because the goodbye follows. */
  depart(now: number): void {
    const {place} = this.membership;
    this.membership.leave(now);
    this.location.leave(place);
  }

  /** Asks for the members of our room, or of the one that we are entering. */
  refresh(): void {
    const {roomToList} = this.membership;
    if (roomToList !== undefined) this.#askForMembers(roomToList);
  }

  /** The hub may have lost us in the meantime. */
  reconnected(): void {
    this.membership.reconnected();
    this.location.doubt();
  }

  created({room, mode}: Asked<'creation'>, status: CreateAnswer['status'], now: number): void {
    if (status === 'created') this.membership.created(room, mode, now);
    else this.#error(status, room);
  }

  /** The answer to a request that may have let us into a room. */
  receiveAccess(request: HubRequest, {mode, status, peers}: AccessAnswer, now: number): void {
    const isEntered = status === 'entered';
    switch (request.about) {
      case 'addresses':
        if (isEntered && mode === 'decentralised' && request.room === this.membership.name) {
          this.membership.learnRoster(request.room, peers, now);
        }
        break;
      case 'entrance':
        if (isEntered) this.#enter(request.room, undefined, {mode, peers}, now);
        else this.#error(status, request.room);
        break;
      case 'answer': {
        const {from, room = ''} = request.invitation;
        if (isEntered) this.#enter(room, from, {mode, peers}, now);
        else if (status === 'room-full') this.#error('room-full', room);
        break;
      }
    }
  }

  learnMembers({room, epoch}: Asked<'members'>, names: readonly string[], now: number): void {
    const isCertain = this.membership.learnMembers(room, names, epoch, now);
    if (isCertain) this.location.believe();
    else if (room === this.membership.roomToList) this.#askForMembers(room);
  }

  /** The hub knows that we have left, and has read everything that we had sent before. */
  leaveConfirmed(now: number): void {
    this.location.leaveConfirmed();
    this.membership.leaveConfirmed(now);
  }

  /** The hub says by itself that our room is closed. */
  closed(sequence: number, now: number): void {
    this.location.closed(sequence, now);
    this.membership.closed(now);
  }

  /** ERREUR comes in place of an answer, with the hub's reason (R4). */
  refused(request: HubRequest, text: string, now: number): void {
    switch (request.about) {
      case 'invitation':
        this.membership.notInvited(request.nick);
        this.#explain(text, request.nick);
        break;
      case 'creation':
      case 'entrance':
        this.#explain(text, request.room);
        break;
      case 'members':
        this.location.believe();
        this.membership.unlisted();
        break;
      case 'leaving':
        this.leaveConfirmed(now);
        break;
      default:
      // Nothing depends on the answer.
    }
  }

  #askForMembers(room: string): void {
    this.#host.ask({about: 'members', room, epoch: this.membership.epoch});
  }

  /** The hub may no longer have us in our room: its list will tell. */
  #doubtPlace(): void {
    this.location.doubt();
    this.refresh();
  }

  #enter(
    room: string,
    inviter: string | undefined,
    {mode, peers}: Pick<AccessAnswer, 'mode' | 'peers'>,
    now: number,
  ): void {
    if (mode === 'decentralised') this.membership.learnRoster(room, peers, now);
    else this.membership.entering(room, inviter, now);
  }

  #explain(text: string, about: string): void {
    const code = explained.find(reason => reasons[reason] === text);
    if (code === undefined) this.#error('refused-by-hub', text);
    else this.#error(code, about);
  }

  #error(code: ErrorCode, about: string): void {
    this.#host.emit({type: 'error', code, about});
  }
}

/** Reasons for which there is an error code. */
const explained = [
  'no-such-user',
  'not-in-room',
  'already-in-room',
  'room-full',
  'too-many-rooms',
] as const satisfies readonly (ErrorCode & Reason)[];
