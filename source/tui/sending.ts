import type {ChatClient} from '../client/client.ts';
import {isDirect} from '../client/conversations.ts';
import {
  asTyped,
  type Draft,
  isBeforeCommand,
  type Letter,
  longestOf,
  type Reading,
} from '../client/draft.ts';
import type {EngineEvent} from '../client/events.ts';
import {canSpeakIn, here, type State} from '../client/state.ts';
import * as composing from './composer/composer.ts';
import {maximumPaste} from './input/keys.ts';
import type {Feedback} from './view.ts';

/** A text that is sent within this time after its readers changed may have been meant for the former ones. */
const changedMs = 2000;

/**
 * Decides on Enter whether a draft is sent, or its author is asked first. Changes no composer: every method returns
 * the next one.
 */
export class Sending {
  readonly #client: ChatClient;
  #roomsSoFar = 0;
  #changedAt = Number.NEGATIVE_INFINITY;

  constructor(client: ChatClient) {
    this.#client = client;
  }

  /** The first composer. */
  begin(): composing.Composer {
    return composing.follow(this.#withAudiences(composing.emptyComposer), here(this.#client.state));
  }

  /** @param shown The state that was on the screen when it happened. */
  onEvent(composer: composing.Composer, event: EngineEvent, shown: State): composing.Composer {
    const now = performance.now();
    if (event.type === 'room-entered') this.#roomsSoFar++;
    if (entersAnother.has(event.type) && isDirect(here(shown))) {
      // What was begun for one person would be read by others.
      this.#changedAt = now;
    } else if (event.type === 'room-left' && event.reason !== 'left') this.#changedAt = now;
    // The other side has turned away.
    else if (event.type === 'link-closed' && isSpokenTo(shown, event.nick)) this.#changedAt = now;
    return changesReaders.has(event.type) ? this.#withAudiences(composer) : composer;
  }

  paste(composer: composing.Composer, text: string): composing.Composer {
    const {question} = composer;
    const {text: typed, cursor} = composing.draftOf(composer);
    // A paste can come in several parts.
    const whole = question?.about === 'lines' ? question.pasted + text : text;
    const pasted = composing.pastedText(whole);
    if (!pasted.includes('\n')) return composing.paste(composer, whole);
    const characters = [...whole].length;
    if (characters > maximumPaste) return this.refusePaste(composer, characters);
    if (isBeforeCommand(typed, cursor)) {
      this.#client.announce('Not pasted: several lines cannot stand before a command');
      return composer;
    }
    const draft = draftWith(composer, pasted);
    const reading = this.#client.read({...draft, isInParts: true});
    return reading.kind === 'texts' && reading.letters.length > 1
      ? composing.ask(composer, {
          about: 'lines',
          pasted: whole,
          reading,
          whole: this.#asOne(draft),
        })
      : composing.paste(composer, whole);
  }

  /** All lines of a draft as one message, if that is possible. */
  #asOne(draft: Draft): Texts | undefined {
    const reading = this.#client.read({
      text: asTyped(draft),
      conversation: draft.conversation,
    });
    const isOne = reading.kind === 'texts' && reading.letters.length === 1;
    return isOne && !this.#isTooLong(reading) ? reading : undefined;
  }

  #isTooLong({letters}: Texts): boolean {
    return longestOf(letters) > this.#client.textRules.maximumTextBytes;
  }

  refusePaste(composer: composing.Composer, characters: number): composing.Composer {
    const message = `Not pasted: it has ${characters} characters, and a paste can have ${maximumPaste}. Paste it in parts`;
    this.#client.announce(message);
    return {...composer, question: undefined};
  }

  /**
   * Sends the draft, or asks.
   *
   * @param isOne Pasted lines are sent as one message.
   * @returns A change to apply to the composer, because sending may have changed it in the meantime.
   */
  send(
    composer: composing.Composer,
    isOne = false,
  ): {
    readonly isSent: boolean;
    readonly suggestion?: Feedback;
    change(composer: composing.Composer): composing.Composer;
  } {
    const {question} = composer;
    const areLines = question?.about === 'lines';
    const draft = draftWith(composer, areLines ? composing.pastedText(question.pasted) : undefined);
    const isAsked = areLines || question?.about === 'parts';
    const agreed = areLines && isOne ? question.whole : isAsked ? question.reading : undefined;
    // The user has agreed to what was shown in the question: exactly that is sent, whatever has happened since.
    const reading = agreed ?? this.#client.read(draft);
    if (reading.kind === 'nothing') return {isSent: false, change: same => same};
    const to = addressee(reading);
    if (to !== undefined && this.#isForOthers(composer, to)) {
      this.#client.announce('Not sent, it was typed for others: Ctrl-Y puts it here');
      return {isSent: false, change: composing.putAside};
    }
    const named = question?.about === 'readers' ? question.to : undefined;
    const isDoubtful =
      named === undefined ? !isAsked && this.#isDoubtful(composer, reading) : !isSame(named, to);
    if (to !== undefined && isDoubtful) {
      return {isSent: false, change: current => composing.ask(current, {about: 'readers', to})};
    }
    const parts = isAsked ? undefined : this.#partsOf(draft, reading);
    if (parts !== undefined) {
      return {isSent: false, change: current => composing.ask(current, parts)};
    }
    const audience = this.#audienceOf(reading, composer);
    const client = this.#client;
    if (this.#client.carryOut(reading)) {
      const line = asTyped(draft);
      const isTurned = reading.kind === 'turn' || 'turnsTo' in reading;
      return {
        isSent: true,
        change(current) {
          const cleared = composing.clearSent(current, line, audience);
          // At once: what was typed behind it in the same read is for that person.
          return isTurned ? composing.follow(cleared, here(client.state)) : cleared;
        },
      };
    }
    // A command is not what others were to read: it can be recalled, and the line is free.
    const isOneLine = !draft.text.trim().includes('\n');
    const isCommand = reading.kind === 'command' || reading.kind === 'turn';
    if (isCommand || (reading.kind === 'refused' && isOneLine)) {
      const own = composing.audienceOf(composer.audiences, composer.conversation);
      const line = asTyped(draft);
      const suggestion = suggestionFor(reading, draft.text);
      return {
        isSent: false,
        ...(suggestion === undefined ? {} : {suggestion}),
        change: current => composing.clearSent(current, line, own),
      };
    }
    // The draft stays in its conversation until it can be sent there.
    const {state} = this.#client;
    const isClosed = !canSpeakIn(state, draft.conversation);
    return {
      isSent: false,
      change(current) {
        const kept = composing.keepLines(current);
        return isClosed ? composing.switchTo(kept, here(state)) : kept;
      },
    };
  }

  /** The question whether a draft that is too long is sent in parts, if it could be sent now. */
  #partsOf(draft: Draft, reading: Reading): composing.Question | undefined {
    if (reading.kind !== 'texts' || !this.#isTooLong(reading)) return undefined;
    const to = addressee(reading);
    if (typeof to === 'string' && !canSpeakIn(this.#client.state, to)) return undefined;
    const parts = this.#client.read({...draft, isInParts: true});
    return parts.kind === 'texts' && !this.#isTooLong(parts)
      ? {about: 'parts', bytes: longestOf(reading.letters), reading: parts}
      : undefined;
  }

  /** The audiences whose lines ↑ may offer in the present conversation. */
  audiencesFor({conversation, audiences}: composing.Composer): ReadonlySet<string> {
    const own = [composing.audienceOf(audiences, conversation), audiences.reply];
    return new Set([everywhere, directly(this.#client.state.server), ...own]);
  }

  /** Whether the room is another one than when the draft was begun; for a text to one person, whether the hub is. */
  #isForOthers(composer: composing.Composer, to: Letter['to']): boolean {
    if (typeof to === 'string') return composing.isForOthers(composer);
    // The public room is the same as long as the hub is.
    return composing.isForOthers(composer, 'public');
  }

  #isDoubtful(composer: composing.Composer, reading: Reading): boolean {
    if (isReply(reading)) return composing.isForOthers(composer, 'reply');
    const to = addressee(reading);
    const isOpen = typeof to === 'string' && canSpeakIn(this.#client.state, to);
    return isOpen && performance.now() - this.#changedAt < changedMs;
  }

  #audienceOf(reading: Reading, {audiences, conversation}: composing.Composer): string {
    const to = addressee(reading);
    if (to === undefined) return everywhere;
    if (typeof to === 'string' || !namesReader(reading)) {
      return composing.audienceOf(audiences, conversation);
    }
    const {server} = this.#client.state;
    // The audience of the recipient: /reply may mean somebody else by now.
    return isReply(reading) ? replies(server, to.nick) : directly(server);
  }

  #withAudiences(composer: composing.Composer): composing.Composer {
    const {server, room, link, directWriter} = this.#client.state;
    const closed = composer.audiences.room;
    return composing.changeAudiences(composer, {
      public: `${server} public`,
      // A room that has closed keeps its draft until there is another.
      room: room
        ? `${server} room ${this.#roomsSoFar}`
        : link
          ? `${server} link ${link.nick}`
          : closed,
      reply: replies(server, directWriter),
      direct: server,
    });
  }
}

type Texts = Extract<Reading, {readonly kind: 'texts'}>;

/** Events after which there may be other readers. */
const changesReaders: ReadonlySet<string> = new Set<EngineEvent['type']>([
  'connection',
  'room-entered',
  'link-opened',
  'message',
]);

/** After which there is another conversation here. */
const entersAnother: ReadonlySet<string> = new Set<EngineEvent['type']>([
  'room-entered',
  'link-opened',
]);

/** All texts of a draft go to the same place. */
function addressee(reading: Reading): Letter['to'] | undefined {
  return reading.kind === 'texts' ? reading.letters[0]?.to : undefined;
}

function isSame(one: Letter['to'], other: Letter['to'] | undefined): boolean {
  if (typeof one === 'string' || typeof other !== 'object') return one === other;
  return one.nick === other.nick;
}

/** Commands without a text can be repeated everywhere. */
const everywhere = 'everywhere';

/** Audience of `/msg`, which names its reader: the same line may be used again at the same hub. */
function directly(server: string): string {
  return `${server} direct`;
}

function replies(server: string, nick: string | undefined): string {
  return `${server} reply ${nick}`;
}

function isReply(reading: Reading): boolean {
  return reading.kind === 'texts' && reading.command?.name === 'reply';
}

/** `/me` and texts without a command go to the conversation that they were typed in. */
function namesReader(reading: Reading): boolean {
  return reading.kind === 'texts' && reading.command !== undefined && reading.command.name !== 'me';
}

function isSpokenTo(state: State, nick: string): boolean {
  return here(state) === 'room' && state.room === undefined && state.link?.nick === nick;
}

/** @param pasted Undefined: nothing was pasted. */
function draftWith(composer: composing.Composer, pasted: string | undefined): Draft {
  const {text, cursor} = composing.draftOf(composer);
  const {conversation} = composer;
  if (pasted === undefined) return {text, conversation};
  return {
    text: text.slice(0, cursor) + pasted + text.slice(cursor),
    conversation,
    pastedAt: cursor,
  };
}

function suggestionFor(reading: Reading, line: string): Feedback | undefined {
  if (reading.kind !== 'refused' || reading.nearest === undefined) return undefined;
  const [, word = '', rest = ''] = /\/(\S*)([\s\S]*)$/.exec(line) ?? [];
  const text = `There is no /${word}: Tab takes /${reading.nearest}`;
  return {text, instead: `/${reading.nearest}${rest}`};
}
