/** The ways of a text to its readers: what is known of each, and which frames went there. */
import type {Course, Frame, Journey, Mark, SentJourney} from './journeys.ts';

/** The marks since it was sent last by the user: at first, or again after it was given up. */
export function lastRound({marks}: Course): readonly Mark[] {
  const start = marks.findLastIndex(
    (mark, index) => mark.type === 'sent' && marks[index - 1]?.type === 'given-up',
  );
  return start === -1 ? marks : marks.slice(start);
}

/** Until when it is tried, if it still is; Infinity never. By the monotonic clock. */
export function triedUntil(course: Course): number | undefined {
  const last = course.marks.at(-1);
  return last?.type === 'sent' ? last.at + last.timeoutMs * (last.left + 1) : undefined;
}

/** Whether something of it may still change by itself. */
export function isMoving(journey: SentJourney, now: number): boolean {
  return journey.courses.some(course => (triedUntil(course) ?? 0) > now);
}

/** A frame of a journey, and when and where it was sent. */
export type SentFrame = {
  readonly frame: Frame;
  readonly course: Course | undefined;
  /** 1 for the first try of its round. */
  readonly attempt: number;
};

/** In the order in which they were sent. */
export function framesOf(journey: Journey): readonly SentFrame[] {
  if (journey.kind === 'received') {
    const {frame} = journey;
    return frame === undefined ? [] : [{frame, course: undefined, attempt: 1}];
  }
  const sent = journey.courses.flatMap(course => {
    let attempt = 0;
    return course.marks.flatMap(mark => {
      if (mark.type === 'given-up') attempt = 0;
      return mark.type === 'sent'
        ? {at: mark.at, frame: mark.frame, course, attempt: ++attempt}
        : [];
    });
  });
  return sent.toSorted((one, other) => one.at - other.at);
}
