import type {HubLink} from '../../datagrams/hub-link.ts';
import type {FailureReason} from '../../protocol.ts';
import type {Message} from '../wire/messages.ts';
import {Answered} from './answered.ts';
import {isAnsweredBy, type Outgoing} from './messages.ts';
import type {Rooms} from './rooms.ts';

/**
 * Requests to the hub, sent one after the other. A text that waits here can still be taken back
 * (docs/decisions/0005-readings-of-messagerie.md, "A text names no room").
 */
export class RequestQueue {
  readonly #link: HubLink<Outgoing, Message>;
  readonly #rooms: Rooms;
  readonly #fail: (id: number, reason: FailureReason) => void;
  readonly #waiting: Outgoing[] = [];
  #underWay: Outgoing | undefined;
  readonly #answered = new Answered();

  /** @param fail Says that a text was not delivered. */
  constructor(
    link: HubLink<Outgoing, Message>,
    rooms: Rooms,
    fail: (id: number, reason: FailureReason) => void,
  ) {
    this.#link = link;
    this.#rooms = rooms;
    this.#fail = fail;
  }

  get isTextUnderWay(): boolean {
    return this.#underWay?.about === 'text';
  }

  push(outgoing: Outgoing): void {
    if (!this.#link.isRegistered) return;
    // Only one question of each kind, so that a hub that makes us ask a lot cannot fill the queue.
    const asked = isQuestion(outgoing)
      ? this.#waiting.findIndex(({about}) => about === outgoing.about)
      : -1;
    if (asked < 0) this.#waiting.push(outgoing);
    else this.#waiting[asked] = outgoing;
  }

  /** Sends the next request if its turn has come. */
  advance(now: number): void {
    while (this.#underWay === undefined) {
      const next = this.#next(now);
      if (next === undefined) return;
      this.#waiting.splice(this.#waiting.indexOf(next), 1);
      this.#send(next);
    }
  }

  /** Removes the request that the message answers. */
  confirm(message: Message, now: number): Outgoing | undefined {
    const {type, sequence} = message;
    const outgoing = this.#link.confirm(sequence, now, pending => isAnsweredBy(pending, message));
    if (outgoing === undefined) return undefined;
    this.#answered.add(type, sequence, now);
    if (outgoing === this.#underWay) this.#underWay = undefined;
    return outgoing;
  }

  /** Whether that message is the copy of an answer. */
  wasAnsweredBy({type, sequence}: Message, now: number): boolean {
    return this.#answered.has(type, sequence, now);
  }

  /** Sends everything, before the goodbye. */
  sendAll(): void {
    let isPlaceKnown = this.#rooms.location.isKnown && !(this.#underWay && isMove(this.#underWay));
    for (const outgoing of this.#waiting.splice(0)) {
      if (outgoing.about === 'text' && !isPlaceKnown) this.#fail(outgoing.id, 'not-connected');
      else this.#send(outgoing);
      if (isMove(outgoing)) isPlaceKnown = false;
    }
  }

  /** We have registered again: no answer will come. */
  reconnected(): void {
    this.#underWay = undefined;
  }

  /** The hub is lost. @returns The requests that waited for their turn. */
  drain(): Outgoing[] {
    this.#underWay = undefined;
    return this.#waiting.splice(0);
  }

  /** Only questions can overtake a request that has to wait, because their answers may tell where we are. */
  #next(now: number): Outgoing | undefined {
    const [first] = this.#waiting;
    if (first === undefined) return undefined;
    // Our numbers and the hub's can be the same: a late answer to the one would seem to answer the other.
    const isAnswer = first.about === 'answer';
    const sequence = isAnswer ? first.invitation.sequence : this.#link.nextSequence;
    const isAmbiguous = this.#answered.has(first.answer, sequence, now);
    const isHeld = first.about === 'text' && !this.#rooms.location.isKnown;
    return isHeld || isAmbiguous ? this.#waiting.find(isQuestion) : first;
  }

  #send(outgoing: Outgoing): void {
    if (outgoing.about === 'text') {
      const {id, scope, place} = outgoing;
      if (!this.#rooms.location.isAt(place)) {
        this.#fail(id, scope === 'room' ? 'left-room' : 'entered-room');
        return;
      }
      this.#link.statistics.sent++;
    }
    // We are no longer a member: the question would let us in again.
    if (outgoing.about === 'addresses' && outgoing.room !== this.#rooms.membership.name) return;
    this.#underWay = outgoing;
    if (outgoing.about !== 'answer') this.#link.push(outgoing);
    else this.#link.pushAnswer(outgoing, outgoing.invitation.sequence);
  }
}

/** Whether it may take us to another place. */
function isMove(outgoing: Outgoing): boolean {
  return (
    outgoing.about === 'creation' ||
    outgoing.about === 'entrance' ||
    (outgoing.about === 'answer' && outgoing.accepted)
  );
}

function isQuestion({about}: Outgoing): boolean {
  return ['keep-alive', 'list', 'rooms', 'members', 'addresses'].includes(about);
}
