/** Who somebody is and where they go: what the form asks before it connects. */
import {type KnownHub, parseAddress, shortAddress} from '../../client/address.ts';
import {stepIndex} from '../selection.ts';

export type FormField = 'nick' | 'server';

export type Place =
  | (KnownHub & {readonly kind: 'hub'})
  /** A hub of the user's own, inside this program. */
  | {readonly kind: 'own'}
  /** Another address, which is typed. */
  | {readonly kind: 'other'};

export type Form = {
  /** The user has asked for it. It is also shown while no hub lets us in. */
  readonly isOpen: boolean;
  readonly field: FormField;
  readonly nick: string;
  /** False: it goes with the place, and changes with it. */
  readonly isNickTyped: boolean;
  /** The other address. */
  readonly server: string;
  readonly places: readonly [...(readonly Place[]), Place];
  /** Index of the chosen place. */
  readonly place: number;
  /** Why the entered values cannot be tried. */
  readonly problem: string | undefined;
  /** Counts the changes that were not typed into a field, after each of which its cursor is at its end. */
  readonly revision: number;
};

/** @param hasOwn Whether a hub of the user's own can be chosen. */
export function createForm(nick: string, hubs: readonly KnownHub[], hasOwn: boolean): Form {
  const known = hubs.filter(hub => parseAddress(hub.server).ok);
  return {
    isOpen: false,
    field: 'nick',
    nick,
    isNickTyped: false,
    server: '',
    places: [
      ...known.map(hub => ({kind: 'hub', ...hub}) as const),
      ...(hasOwn ? [{kind: 'own'} as const] : []),
      {kind: 'other'},
    ],
    place: 0,
    problem: undefined,
    revision: 0,
  };
}

/** Opens it at the hub where the user was last. @param present The hub where the user is: it is not the one that is meant. */
export function opened(form: Form, present?: string): Form {
  const isOther = (place: Place) => place.kind !== 'hub' || place.server !== present;
  return {
    ...form,
    isOpen: true,
    field: 'nick',
    place: form.places.findIndex(isOther),
    problem: undefined,
    revision: form.revision + 1,
  };
}

/**
 * No hub lets us in, and this is why the form is shown.
 *
 * @param server Where: chosen, so that it can be tried again or changed.
 */
export function refusedAt(form: Form, server: string, nick: string, field: FormField): Form {
  const index = form.places.findIndex(place => place.kind === 'hub' && place.server === server);
  return {
    ...form,
    field,
    nick,
    isNickTyped: true,
    server,
    place: index === -1 ? form.places.length - 1 : index,
    problem: undefined,
    revision: form.revision + 1,
  };
}

/** Another address has to be typed: its field gets the focus. */
export function movePlace(form: Form, by: -1 | 1): Form {
  const place = stepIndex(form.place, by, form.places.length);
  const chosen = form.places[place];
  const own = chosen?.kind === 'hub' ? chosen.nick : undefined;
  const nick = form.isNickTyped ? form.nick : (own ?? form.nick);
  const field = chosen?.kind === 'other' ? 'server' : form.field;
  return {...form, field, place, nick, problem: undefined, revision: form.revision + 1};
}

export function chosenPlace({places, place}: Form): Place {
  return places[place] ?? {kind: 'other'};
}

/** Typing with another place chosen means another address. */
export function withTyping(form: Form): Form {
  if (form.field === 'nick') return {...form, isNickTyped: true};
  if (chosenPlace(form).kind === 'other') return form;
  return {...form, place: form.places.length - 1, server: '', revision: form.revision + 1};
}

export function placeWords(place: Place, now: number): string {
  switch (place.kind) {
    case 'hub': {
      const parsed = parseAddress(place.server);
      const address = parsed.ok ? shortAddress(parsed.address) : place.server;
      return place.at === undefined ? address : `${address} · ${agoWords(place.at, now)}`;
    }
    case 'own':
      return 'a hub of my own, here';
    case 'other':
      return 'another address …';
  }
}

/** What the chosen protocol wants of a nickname; undefined while it is not known. */
export function nicknameRule(form: Form): string | undefined {
  const place = chosenPlace(form);
  if (place.kind === 'own') return undefined;
  const parsed = parseAddress(place.kind === 'hub' ? place.server : form.server);
  if (!parsed.ok || parsed.address.isGuess) return undefined;
  const {nicknameRule: rule, name} = parsed.address.protocol;
  return `${name}: ${rule}`;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** How long ago that was, both in milliseconds since 1970. */
export function agoWords(at: number, now: number): string {
  const ago = now - at;
  if (ago < minuteMs) return 'just now';
  if (ago < hourMs) return `${Math.floor(ago / minuteMs)} min ago`;
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  if (at >= midnight || ago < 12 * hourMs) return `${Math.floor(ago / hourMs)} h ago`;
  if (at >= midnight - dayMs) return 'yesterday';
  // Counted in dates, as people do.
  if (ago < 60 * dayMs) return `${Math.ceil((midnight - at) / dayMs)} days ago`;
  return `in ${new Date(at).toLocaleDateString('en-GB', {month: 'long', year: 'numeric'})}`;
}
