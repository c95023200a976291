/** The example of docs/adding-a-protocol.md, over TCP. A message is a line, with tabs between its words: `say`, `hello everybody`. */
import type {ChatEvent} from '../../source/chat/events.ts';
import type {UserId} from '../../source/chat/words.ts';
import type {StreamProtocol} from '../../source/protocols/protocol.ts';
import {Fences} from '../../source/protocols/streams/fences.ts';
import {HubConnection} from '../../source/protocols/streams/hub-connection.ts';
import {type Session, Sessions} from '../../source/protocols/streams/sessions.ts';
import type {ByteReader} from '../../source/transport/byte-reader.ts';
import {explainFrames} from '../../source/transport/explain.ts';
import {FrameBuffer} from '../../source/transport/frame-buffer.ts';

type Message = readonly string[];

/** The longest message is the list of everybody. */
const maximumLineBytes = 65_536;
const maximumTextBytes = 1000;
const refusals = ['name-in-use', 'name-invalid', 'hub-full'] as const;

function encode(...words: Message): Uint8Array {
  return Buffer.from(`${words.map(word => word.replaceAll(/[\t\r\n]/g, ' ')).join('\t')}\n`);
}

/** For a {@link FrameBuffer}: the next message. Every line is one; a line that is too long ends the connection. */
function read(reader: ByteReader): Message {
  return Buffer.from(reader.line(maximumLineBytes, 'line')).toString().split('\t');
}

/** Messages become commands, and events become messages. The sessions do the rest. */
const createHubEnd: StreamProtocol['createHubEnd'] = host => {
  const list = () => encode('here', ...Array.from(host.chat.users(), ({nickname}) => nickname));
  const serve = (session: Session, [verb, text = '']: Message, now: number) => {
    const {state} = session;
    if (state.is !== 'member') {
      if (verb === 'hello') sessions.register(session, text);
    } else if (verb === 'who') {
      sessions.write(session, list(), now);
    } else if (verb === 'say' && Buffer.byteLength(text) <= maximumTextBytes) {
      host.propose({type: 'say', user: state.user, scope: 'public', text});
    } else {
      host.drop('unexpected');
    }
  };
  const sessions = new Sessions({
    ...host,
    create: session => session,
    serveNext(session: Session, now) {
      const decoded = session.frames.read(read);
      if (decoded?.ok) serve(session, decoded.message, now);
      return decoded;
    },
    refusal: (_nickname, reason) => encode('refused', reason),
    welcome: list,
  });
  return Object.assign(sessions, {
    deliver(event: ChatEvent, to: readonly UserId[], now: number) {
      if (event.type === 'arrived' || event.type === 'departed') {
        const others = to.filter(user => user !== event.user);
        sessions.writeAll(others, encode(event.type, event.nickname), now);
      }
      if (event.type === 'said') {
        sessions.writeAll(to, encode('said', event.nickname, event.text), now);
      }
    },
  });
};

/** A text has arrived when the hub answers the `who` that is written behind it. */
const createClientEnd: StreamProtocol['createClientEnd'] = ({open, emit, nickname}) => {
  const statistics = {sent: 0, received: 0, retransmissions: 0, roundTripMs: undefined};
  let fences: Fences<{readonly id: number; readonly bytes: Uint8Array}> | undefined;
  const fail = (id: number) => emit({type: 'failed', id, reason: 'hub-silent', pending: []});
  const hear = ([verb = '', nick = '', text = '', ...more]: Message, now: number) => {
    const refusal = refusals.find(reason => reason === nick);
    if (verb === 'refused') hub.refused(refusal ?? 'name-invalid', now);
    else if (verb === 'arrived' || verb === 'departed') emit({type: verb, nick});
    else if (verb === 'said') {
      statistics.received++;
      emit({type: 'message', scope: 'public', from: nick, text});
    } else if (verb === 'here') {
      const answered = fences?.answered(now);
      if (hub.isConnecting) {
        fences = new Fences({write: bytes => hub.write(bytes), question: () => encode('who')}, now);
        hub.registered();
      }
      const nicks = [nick, text, ...more].filter(one => one !== '');
      if (answered === undefined) emit({type: 'users', users: nicks.map(one => ({nick: one}))});
      else emit({type: 'delivered', id: answered.id});
      fences?.pump(now);
    }
  };
  const hub = new HubConnection<Message>({
    open,
    emit,
    hear,
    createReader() {
      const frames = new FrameBuffer();
      return {push: bytes => frames.push(bytes), read: () => frames.read(read)};
    },
    opened: () => hub.write(encode('hello', nickname)),
    leave(now) {
      fences?.flush(now);
      hub.end();
    },
    ended: now => hub.finish(now),
    abandoned() {
      const {said, unsaid} = fences?.abandon() ?? {said: [], unsaid: []};
      for (const {id} of [...said, ...unsaid]) fail(id);
      fences = undefined;
    },
  });
  return {
    statistics,
    get dueAt() {
      return Math.min(hub.dueAt, fences?.dueAt ?? Number.POSITIVE_INFINITY);
    },
    connect: now => hub.connect(now),
    disconnect: now => hub.disconnect(now),
    onTime(now) {
      fences?.onTime(now);
      if (fences?.isSilent(now)) hub.lose(now);
      hub.onTime(now);
    },
    request(request, now) {
      if (request.type === 'list') fences?.ask(now);
      if (request.type !== 'say') return;
      statistics.sent++;
      if (fences === undefined) fail(request.id);
      else fences.say({id: request.id, bytes: encode('say', request.text)}, now);
    },
  };
};

export const toy: StreamProtocol = {
  name: 'toy',
  transport: 'tcp',
  defaultPort: 30_299,
  features: new Set(['presence']),
  maximumTextBytes,
  carriesLineFeeds: false,
  nicknameRule: '1 to 20 characters without spaces',
  isNickname: text => /^\S{1,20}$/u.test(text),
  maximumUsers: 1000,
  maximumRoomMembers: 0,
  maximumRooms: 0,
  changesRooms: false,
  hasLinks: false,
  inquiry: {
    question: encode('hello'),
    read: answer =>
      Buffer.from(answer).equals(encode('refused', 'name-invalid')) ? 'is-there' : undefined,
  },
  explain: frames => explainFrames(frames, read),
  createHubEnd,
  createClientEnd,
};
