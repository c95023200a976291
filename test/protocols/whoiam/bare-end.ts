import {Chat} from '../../../source/chat/chat.ts';
import type {UserId} from '../../../source/chat/words.ts';
import type {Connection, OnOutcome} from '../../../source/protocols/protocol.ts';
import {whoiam} from '../../../source/protocols/whoiam/index.ts';
import {bareHost} from '../../hub/bare-host.ts';

/** The hub end alone, with connections that note what is written. */
export function bareEnd(maximumUsers: number) {
  const chat = new Chat(maximumUsers, [whoiam]);
  const {host, events} = bareHost(chat, whoiam);
  const network = {isCongested: false};
  /** Users whom a bug was about: what they say is `boom`. */
  const faults: UserId[] = [];
  /** Held back if there is a list: the test lets them come. */
  const outcomes: {held: (() => void)[] | undefined} = {held: undefined};
  const hold = (onOutcome: OnOutcome): OnOutcome => {
    return (outcome, now) => {
      const tell = () => onOutcome(outcome, now);
      if (outcomes.held === undefined) tell();
      else outcomes.held.push(tell);
    };
  };
  const end = whoiam.createHubEnd({
    ...host,
    register: (nickname, from, onOutcome) => host.register(nickname, from, hold(onOutcome)),
    propose(command, onOutcome) {
      if (command.type === 'say' && command.text === 'boom') throw new Error('a bug');
      host.propose(command, onOutcome && hold(onOutcome));
    },
    fault: user => faults.push(user),
    isCongested: () => network.isCongested,
  });
  const visit = (waiting = 0) => {
    const written: Uint8Array[] = [];
    const connection: Connection = {
      remote: {host: '198.51.100.1', port: 40_000},
      get waiting() {
        return person.waiting;
      },
      write: bytes => written.push(bytes),
      end() {},
      destroy() {},
      pause() {
        person.isPaused = true;
      },
      resume() {
        person.isPaused = false;
      },
    };
    const person = {waiting, isPaused: false};
    const listener = end.accept(connection, 0);
    return Object.assign(person, {
      listener,
      written,
      say: (...lines: readonly string[]) =>
        listener.received(Buffer.from(`${lines.join('\n')}\n`), 0),
      lines: () => written.map(bytes => Buffer.from(bytes).toString().trimEnd()),
    });
  };
  const deliver = () => {
    for (const event of events.splice(0)) end.deliver(event, event.to, 0);
  };
  /** The turns that are due, one after the other. */
  const go = () => {
    while (end.dueAt <= 0) end.onTime(0);
  };
  return {end, visit, deliver, go, events, network, outcomes, faults};
}
