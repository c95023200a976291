import type {ClientEvent, FailureReason, Mode, Request} from '../protocols/protocol.ts';
import type {EngineEvent} from './events.ts';
import {requestFor, type Undelivered, UndeliveredTexts} from './undelivered.ts';

/** What the texts need of their engine. */
export type TextsHost = {
  /** Whether the hub is there, or will be: then a text can wait for it. */
  hub(): 'connected' | 'awaited' | 'none';
  request(request: Request): void;
  tell(event: EngineEvent): void;
};

/** What becomes of the user's texts: each is on its way, waits for the hub, is delivered or has failed. */
export class Texts {
  readonly #host: TextsHost;
  readonly #undelivered: UndeliveredTexts;
  #room: {readonly name?: string; readonly mode: Mode; readonly number: number} | undefined;
  #roomsSoFar = 0;
  /** The people with whom there is a private connection. */
  readonly #linked = new Set<string>();

  /** @param former Texts that an earlier engine did not deliver. */
  constructor(host: TextsHost, former: ReadonlyMap<number, Undelivered> | undefined) {
    this.#host = host;
    this.#undelivered = new UndeliveredTexts(former);
  }

  /** Texts on their way, or waiting for the hub. */
  get pending(): number {
    return this.#undelivered.pending;
  }

  /** The texts that are not known to have arrived, by id. */
  get undelivered(): ReadonlyMap<number, Undelivered> {
    return this.#undelivered.all;
  }

  /** The name of the room that the user is in, if it has one. */
  get roomName(): string | undefined {
    return this.#room?.name;
  }

  /** @param request Its id was never used before. */
  say(request: Request & {type: 'say' | 'tell'}): void {
    const {id, scope, text} = request;
    if (request.type === 'say') {
      this.#host.tell({type: 'sent', id, scope, text});
      const room = scope === 'room' ? (this.#room?.number ?? -1) : 0;
      this.#send(id, {text, room, state: 'pending'});
    } else {
      const {to} = request;
      this.#host.tell({type: 'sent', id, scope, to, text});
      const isForLink = scope === 'link';
      this.#send(id, {text, room: 0, to, isForLink, state: 'pending'});
    }
  }

  /** The failed text of that id, or the newest; or why it cannot be sent again. */
  findFailed(
    id: number | undefined,
  ): readonly [id: number, message: Undelivered] | 'nothing-failed' | 'left-room' | 'link-closed' {
    const here = this.#room?.number ?? 0;
    const isPossible = ({room, to, isForLink = false}: Undelivered) => {
      if (to === undefined) return room === here;
      return !isForLink || this.#linked.has(to);
    };
    const found = this.#undelivered.findFailed(id, isPossible);
    if (found === undefined) return 'nothing-failed';
    const [, message] = found;
    if (isPossible(message)) return found;
    return message.isForLink ? 'link-closed' : 'left-room';
  }

  /** Sends a text again, to everybody who has not confirmed it. */
  resend(id: number, message: Undelivered): void {
    this.#host.tell({type: 'resent', id});
    this.#send(id, message);
  }

  /** What was written while the hub was away goes out once, in order. */
  sendKept(): void {
    for (const id of [...this.#undelivered.kept]) {
      const message = this.#undelivered.get(id);
      if (message === undefined) continue;
      if (message.room !== 0 && message.room !== this.#room?.number) {
        this.fail(id, 'left-room', []);
      } else {
        this.#undelivered.sent(id, message);
        this.#host.tell({type: 'resent', id});
        this.#host.request(requestFor(id, message));
      }
    }
  }

  /** One that had failed is confirmed late; of one that was sent again, the first copy tells. */
  delivered(id: number): void {
    const message = this.#undelivered.delivered(id);
    if (message === undefined) return;
    const isLate = message.state === 'failed';
    this.#host.tell({type: 'delivered', id, ...(isLate && {late: true})});
  }

  /** That member has it. */
  confirmedBy(id: number, nick: string): void {
    this.#undelivered.confirmedBy(id, nick);
  }

  /** @param pending Members that have not confirmed it. */
  fail(id: number, reason: FailureReason, pending: readonly string[]): void {
    if (reason === 'not-connected' && this.#keep(id)) return;
    const isOurs = this.#undelivered.failed(id, reason === 'peers-silent' ? pending : []);
    if (isOurs) this.#host.tell({type: 'failed', id, reason, pending});
  }

  enterRoom({name, mode}: ClientEvent & {type: 'room-entered'}): void {
    this.#room = {...(name !== undefined && {name}), mode, number: ++this.#roomsSoFar};
  }

  /** What waits to be said there has failed. */
  leaveRoom(): void {
    this.#room = undefined;
    for (const id of [...this.#undelivered.kept]) {
      if (this.#undelivered.get(id)?.room !== 0) this.fail(id, 'left-room', []);
    }
  }

  openLink(nick: string): void {
    this.#linked.add(nick);
  }

  closeLink(nick: string): void {
    this.#linked.delete(nick);
  }

  #send(id: number, message: Undelivered): void {
    this.#undelivered.sent(id, message);
    // A decentralised room works without a hub.
    const needsHub = message.room === 0 || this.#room?.mode !== 'decentralised';
    // Texts that were kept go out first.
    const mustWait = this.#host.hub() !== 'connected' || this.#undelivered.kept.size > 0;
    if (needsHub && mustWait) this.fail(id, 'not-connected', message.only ?? []);
    else this.#host.request(requestFor(id, message));
  }

  /**
   * Keeps a text that was never sent until the hub is back. Over a private connection nothing is kept: the
   * connection is gone with the hub.
   *
   * @returns false if it cannot be kept, and has failed.
   */
  #keep(id: number): boolean {
    const message = this.#undelivered.get(id);
    if (message === undefined || message.state !== 'pending' || message.isForLink) return false;
    if (this.#host.hub() === 'none' || !this.#undelivered.keep(id, message)) return false;
    this.#host.tell({type: 'kept', id});
    return true;
  }
}
