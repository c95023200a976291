/** The journey of a message in sentences: to whom, how often, with which answer, and what its last frame says. */
import {cleanLine} from '../client/clean-text.ts';
import {framesOf, lastRound, triedUntil} from '../client/courses.ts';
import type {Delivery} from '../client/entries.ts';
import {
  type Course,
  explain,
  type Journey,
  type ReceivedJourney,
  type SentJourney,
} from '../client/journeys.ts';
import {failureWords} from '../client/sentences.ts';
import {counted, durationWords, listOf, quoted, sentence, spoken} from './words.ts';

/** @param title `Message 3`. @param now By the monotonic clock. */
export function journeyLines(
  journey: Journey,
  {
    title,
    delivery,
    now,
    labelOf,
  }: {
    readonly title: string;
    readonly delivery: Delivery | undefined;
    readonly now: number;
    labelOf(nick: string): string;
  },
): readonly string[] {
  const bytes = counted(Buffer.byteLength(journey.text), 'byte');
  const head = [title, quoted(journey.text), clockOf(journey.wallClock), bytes];
  const said =
    journey.kind === 'received'
      ? [...head, `from ${spoken(labelOf(journey.from))}`, whereReceived[journey.scope]]
      : [
          ...head,
          routeOf(journey, labelOf),
          ...(journey.resentAt === undefined ? [] : [`sent again at ${clockOf(journey.resentAt)}`]),
          outcomeOf(journey, delivery),
          ...(journey.isCut ? ['not everything is told'] : []),
        ];
  const courses =
    journey.kind === 'received'
      ? [receivedLine(journey)]
      : journey.courses.length === 0
        ? ['It waits for its turn.']
        : journey.courses.map(course => courseLine(course, journey, delivery, now, labelOf));
  return [sentence(said.join(', ')), ...courses, ...frameLines(journey, labelOf)];
}

/** How often it was tried to reach these readers, since it was sent last; undefined if that is not known. */
export function triesOf(journey: Journey | undefined, to: readonly string[]): number | undefined {
  if (journey?.kind !== 'sent') return undefined;
  const tries = journey.courses
    .filter(course => (course.to === undefined ? to.length === 0 : to.includes(course.to)))
    .map(course => lastRound(course).filter(({type}) => type === 'sent').length);
  const most = Math.max(0, ...tries);
  return most === 0 ? undefined : most;
}

/** The members who have confirmed it. */
export function confirmedBy(journey: Journey | undefined): readonly string[] {
  if (journey?.kind !== 'sent') return [];
  return journey.courses.flatMap(course =>
    course.to !== undefined && hasConfirmed(course) ? [course.to] : [],
  );
}

function hasConfirmed({marks}: Course): boolean {
  return marks.some(({type}) => type === 'confirmed');
}

function routeOf({scope, to, courses}: SentJourney, labelOf: (nick: string) => string): string {
  const reader = to === undefined ? '' : `to ${spoken(labelOf(to))} `;
  if (scope === 'link') return `${reader}over the private connection`;
  const isDirect = courses.some(course => course.to !== undefined);
  return reader + (isDirect ? 'peer to peer' : 'through the hub');
}

const whereReceived: Readonly<Record<ReceivedJourney['scope'], string>> = {
  public: 'said to everybody',
  room: 'said in the room',
  direct: 'to you alone',
  link: 'over the private connection',
};

function outcomeOf({courses}: SentJourney, delivery: Delivery | undefined): string {
  const members = courses.filter(({to}) => to !== undefined);
  const have = members.filter(hasConfirmed).length;
  const count = members.length > 1 ? `${have} of ${members.length} confirmed` : undefined;
  switch (delivery?.state) {
    case undefined:
    case 'delivered':
      return count ?? 'it has arrived';
    case 'failed':
      return count ?? failureWords[delivery.reason];
    case 'kept':
      return 'kept, it goes out when the hub is back';
    default:
      return count ?? 'on its way';
  }
}

function courseLine(
  course: Course,
  journey: SentJourney,
  delivery: Delivery | undefined,
  now: number,
  labelOf: (nick: string) => string,
): string {
  const who = course.to === undefined ? 'The hub' : spoken(labelOf(course.to));
  const round = lastRound(course);
  const [first] = round;
  const last = round.at(-1);
  if (first === undefined || last === undefined) return `${who}: nothing was sent yet.`;
  const tries = round.filter(({type}) => type === 'sent');
  const times = tries.map(({at}) => ((at - first.at) / 1000).toFixed(1).replace('.0', ''));
  const confirmed = round.find(({type}) => type === 'confirmed');
  const sent = tries.length === 1 ? 'sent once' : `sent at ${listOf(times)} seconds`;
  if (confirmed !== undefined) {
    const isLate = round.some(({type}) => type === 'given-up');
    const isRefused = course.to === undefined && delivery?.state === 'failed';
    const what = isRefused ? 'answered' : 'confirmed';
    const after = `${what}${isLate ? ' late,' : ''} after ${durationWords(confirmed.at - first.at)}`;
    return `${who}: ${tries.length > 1 ? `${sent}; ${after}` : after}.`;
  }
  if (last.type === 'given-up') {
    if (last.reason === 'gone') return `${who}: ${sent}; no longer there.`;
    const until = clockOf(journey.wallClock + last.at - journey.startedAt);
    return `${who}: ${sent}; no answer, tried until ${until}.`;
  }
  if (last.type !== 'sent' || (triedUntil(course) ?? 0) < now) return `${who}: ${sent}; no answer.`;
  const left =
    last.left === 0 && tries.length === 1 ? '' : `; ${counted(last.left, 'try', 'tries')} left`;
  return `${who}: ${sent}; no answer yet${left}.`;
}

function receivedLine({readAt, startedAt, frame}: ReceivedJourney): string {
  if (frame === undefined) return 'Its frame is not known.';
  const waited = readAt - startedAt;
  return waited < 1
    ? 'It came and was told at once.'
    : `It came, and was told ${durationWords(waited)} later, in its turn.`;
}

/** The newest frame: its bytes, and every field that says something. */
function frameLines(journey: Journey, labelOf: (nick: string) => string): readonly string[] {
  const frames = framesOf(journey);
  const newest = frames.at(-1);
  if (newest === undefined) return [];
  const {bytes, length} = newest.frame;
  const to = newest.course?.to;
  const reader =
    journey.kind === 'received' ? '' : ` to ${to === undefined ? 'the hub' : spoken(labelOf(to))}`;
  const which = frames.length === 1 ? 'Frame' : `Last of ${frames.length} frames`;
  const head = `${which}${reader}, ${counted(length, 'byte')}`;
  if (bytes === undefined) return [`${head}. Its bytes are not kept.`];
  const hex = [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join(' ');
  const fields = explain(journey, bytes).map(
    ({name, value}) => `Field ${name}: ${cleanLine(value)}`,
  );
  return [`${head}: ${hex}.`, ...fields];
}

function clockOf(at: number): string {
  return new Date(at).toTimeString().slice(0, 8);
}
