import type {UserId} from '../../chat/words.ts';
import type {Endpoint} from '../../transport/endpoint.ts';
import type {DepartureReason} from '../protocol.ts';
import type {Session, Sessions, ToClient} from './sessions.ts';

/** The part of every datagram hub end that only needs its sessions. */
export abstract class SessionsEnd<Message extends ToClient, One extends Session<Message>> {
  protected abstract readonly sessions: Sessions<Message, One>;

  get dueAt(): number {
    return this.sessions.dueAt;
  }

  get isBusy(): boolean {
    return this.sessions.isBusy;
  }

  get isBehind(): boolean {
    return this.sessions.isBehind;
  }

  onTime(now: number): void {
    this.sessions.onTime(now);
  }

  userAt(from: Endpoint): UserId | undefined {
    return this.sessions.at(from)?.user;
  }

  expel(user: UserId, reason: DepartureReason): void {
    this.sessions.expel(user, reason);
  }
}
