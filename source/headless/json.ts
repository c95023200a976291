import type {EngineEvent, PublicEvent, ScreenEvent} from '../client/events.ts';
import type {PrintedEvent} from './events.ts';

const screenOnly = {
  asked: true,
  'not-asked': true,
  connection: true,
  found: true,
  'choose-hub': true,
  share: true,
  statistics: true,
  retransmitted: true,
  progress: true,
  'member-state': true,
  resent: true,
  kept: true,
  notice: true,
  ignoring: true,
  cleared: true,
  turned: true,
  'conversation-closed': true,
  mentions: true,
  unlinked: true,
  help: true,
  'room-list': true,
  'open-link': true,
  copy: true,
  muted: true,
  quit: true,
} as const satisfies Record<ScreenEvent['type'], true>;

/** Whether it is one for programs, or only for a screen. */
export function isPublic(event: EngineEvent): event is PublicEvent {
  return !Object.hasOwn(screenOnly, event.type);
}

/**
 * One line of JSON (docs/headless.md): `type`, `at`, then the fields of the event. Texts are exact, and yet harmless if
 * the line is shown on a terminal: every character that could act there is escaped.
 */
export function toJsonLine(event: PrintedEvent, at: Date): string {
  const {type, ...fields} = event;
  const json = JSON.stringify({type, at: at.toISOString(), ...fields});
  return `${json.replaceAll(/[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, escapeUnit)}\n`;
}

function escapeUnit(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
