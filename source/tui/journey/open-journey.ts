/** Which journey is open, and what is selected in it. */
import type {ConversationId} from '../../client/conversations.ts';
import {isOwn} from '../../client/conversations.ts';
import {framesOf, isMoving} from '../../client/courses.ts';
import type {MessageEntry} from '../../client/entries.ts';
import type {Journey, Journeys} from '../../client/journeys.ts';
import type {Place} from '../../client/last-mentions.ts';
import {historyOf, type State} from '../../client/state.ts';
import type {Size} from '../panes/layout.ts';
import {fieldsOf} from './frame-rows.ts';

export type OpenJourney = {
  /** The place of the message. */
  readonly conversation: ConversationId;
  readonly index: number;
  readonly journey: Journey;
  /** When it was looked at last, by the monotonic clock. */
  readonly now: number;
  /** Index of the selected frame; undefined: the newest. */
  readonly frame: number | undefined;
  /** Index of the selected field; undefined: none. */
  readonly field: number | undefined;
};

/** At the bottom of the panes. In smaller terminals the journey takes the place of all panes. */
const rowsBesidePanes = 10;
const minimumColumns = 100;
const minimumRows = 24;

/** The rows that an open journey takes from the panes; undefined: all of them. */
export function journeyRowsIn({columns, rows}: Size): number | undefined {
  return columns < minimumColumns || rows < minimumRows ? undefined : rowsBesidePanes;
}

/** Undefined if the message there has no journey, or none that is still kept. */
export function openJourney(
  state: State,
  journeys: Journeys | undefined,
  {conversation, index}: Place,
  now: number,
): OpenJourney | undefined {
  const entry = messageAt(state, conversation, index);
  const journey = entry && journeys?.of(entry);
  if (journey === undefined) return undefined;
  return {conversation, index, journey, now, frame: undefined, field: undefined};
}

/** The place of the message that an entry is about: its own, or that of which a notice says that it has not arrived. */
export function messagePlace(state: State, place: Place): Place {
  const entry = historyOf(state, place.conversation).at(place.index);
  const [about = -1] = entry?.kind === 'notice' ? (entry.about ?? []) : [];
  return state.own.get(about) ?? place;
}

/** The same journey as it is now. One that is not kept any more stays as it was; its entry may be gone. */
export function refreshed(
  open: OpenJourney,
  state: State,
  journeys: Journeys | undefined,
  now: number,
): OpenJourney | undefined {
  const entry = messageAt(state, open.conversation, open.index);
  if (entry === undefined) return undefined;
  const journey = journeys?.of(entry) ?? open.journey;
  const isSame = journey === open.journey && !isLive(open);
  return isSame ? open : {...open, journey, now};
}

/** Whether it changes by itself. */
export function isLive({journey, now}: OpenJourney): boolean {
  return journey.kind === 'sent' && isMoving(journey, now);
}

/** Selects the frame that was sent before or after. At the newest one, those that come are followed. */
export function stepFrame(open: OpenJourney, by: -1 | 1): OpenJourney {
  const last = framesOf(open.journey).length - 1;
  const frame = Math.max(0, Math.min((open.frame ?? last) + by, last));
  return {...open, frame: frame >= last ? undefined : frame, field: undefined};
}

export function stepField(open: OpenJourney, by: -1 | 1): OpenJourney {
  const count = fieldsOf(open).length;
  if (count === 0) return open;
  const from = open.field ?? (by === 1 ? -1 : 0);
  return {...open, field: (from + by + count) % count};
}

export function messageAt(
  state: State,
  conversation: ConversationId,
  index: number,
): MessageEntry | undefined {
  const entry = historyOf(state, conversation).at(index);
  return entry?.kind === 'message' ? entry : undefined;
}

export function isRetryPossible(entry: MessageEntry | undefined): boolean {
  return entry !== undefined && isOwn(entry) && entry.delivery?.state === 'failed';
}
