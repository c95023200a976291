/** The messages of `messagerie` (docs/protocols/messagerie.md, "Messages"). */
import type {Endpoint} from '../../../transport/endpoint.ts';
import type {Mode} from '../../protocol.ts';

/** The protocol's own names, in camel case. */
export const types = {
  connexion: 1,
  reponseConnexion: 2,
  creerMessageriePrivee: 3,
  reponseCreer: 4,
  demanderListeMessagerie: 5,
  reponseDemanderListeMessagerie: 6,
  demandeAcces: 7,
  reponseAcces: 8,
  demanderListeClient: 9,
  reponseDemanderListeClient: 10,
  inviter: 11,
  reponseInviter: 12,
  demandeMessageriePrivee: 13,
  reponseMessageriePrivee: 14,
  texte: 15,
  reponseTexte: 16,
  changerMessagerie: 17,
  reponseChanger: 18,
  quitter: 19,
  reponseQuitter: 20,
  deconnexion: 21,
  reponseDeconnexion: 22,
  erreur: 31,
} as const;

export type MessageType = keyof typeof types;

/** The header's user id before registration; only in CONNEXION (R11). */
export const unregisteredUserId = 0;
/** The header's user id in all messages of the hub except relayed texts (R5). */
export const hubUserId = 255;
export const maximumUsers = 254;
export const maximumSequence = 65_535;
/** Rooms, names or peers in one answer: their number has 8 bits. */
export const maximumEntries = 255;
/** Bounds of `most` in CREER_MESSAGERIE_PRIVEE. */
export const minimumMembers = 2;
export const maximumMembers = 254;
/** In place of a room id if no room was created. */
export const noRoomId = 0;

// The statuses in the order of their numbers.
export const registrationStatuses = [
  'registered',
  'name-invalid',
  'name-in-use',
  'hub-full',
] as const;
export const keepAliveStatuses = ['connected', 'unknown'] as const;
export const creationStatuses = [
  'created',
  'room-name-invalid',
  'room-name-in-use',
  'room-size-invalid',
] as const;
/** The fourth number has no meaning: it is malformed. */
export const accessStatuses = ['entered', 'no-such-room', 'room-full'] as const;

export type RegistrationStatus = (typeof registrationStatuses)[number];
export type KeepAliveStatus = (typeof keepAliveStatuses)[number];
export type CreationStatus = (typeof creationStatuses)[number];
export type AccessStatus = (typeof accessStatuses)[number];

export type ListedRoom = {readonly mode: Mode; readonly room: string; readonly members: number};

/** Another member of a decentralised room, and their address. */
export type Peer = {readonly name: string; readonly endpoint: Endpoint};

type Header = {
  /** 8 bits. */
  readonly userId: number;
  /** 16 bits: in an answer the number of the request. */
  readonly sequence: number;
};

/** One message type for each name, so that the name tells which fields a message has. */
type Each<Type extends string, Fields = unknown> = Type extends string
  ? Header & {readonly type: Type} & Fields
  : never;

/** Has a header and nothing else. */
export type BareMessage = Each<
  'demanderListeMessagerie' | 'reponseInviter' | 'reponseTexte' | 'quitter' | 'deconnexion'
>;

export type ConnectMessage = Header & {
  readonly type: 'connexion';
  /** With user id 0; undefined in a keep-alive, which carries the user's own id and no data. */
  readonly name: string | undefined;
};

export type RegistrationAnswer = Header & {
  readonly type: 'reponseConnexion';
  readonly status: RegistrationStatus;
  /** 8 bits; 0 when refused (R2). */
  readonly id: number;
};

export type KeepAliveAnswer = Header & {
  readonly type: 'reponseConnexion';
  readonly status: KeepAliveStatus;
};

export type CreateMessage = Header & {
  readonly type: 'creerMessageriePrivee';
  readonly mode: Mode;
  readonly room: string;
  /** Limit of members, 8 bits. The hub refuses less than {@link minimumMembers}. */
  readonly most: number;
};

export type CreateAnswer = Header & {
  readonly type: 'reponseCreer';
  readonly status: CreationStatus;
  /** 8 bits; {@link noRoomId} when refused. */
  readonly id: number;
};

export type RoomsMessage = Header & {
  readonly type: 'reponseDemanderListeMessagerie';
  readonly rooms: readonly ListedRoom[];
};

export type RoomRequest = Each<
  'demandeAcces' | 'changerMessagerie' | 'demanderListeClient',
  {
    /** Empty only in DEMANDER_LISTE_CLIENT, where it means everybody connected (R3). */
    readonly room: string;
  }
>;

export type AccessAnswer = Each<
  'reponseAcces' | 'reponseChanger',
  {
    readonly mode: Mode;
    readonly status: AccessStatus;
    /** Empty, and not on the wire, unless the room is decentralised and was entered. */
    readonly peers: readonly Peer[];
  }
>;

export type NamesMessage = Header & {
  readonly type: 'reponseDemanderListeClient';
  readonly names: readonly string[];
};

export type InviteMessage = Header & {readonly type: 'inviter'; readonly name: string};

export type InvitationMessage = Header & {
  readonly type: 'demandeMessageriePrivee';
  readonly inviter: string;
  readonly mode: Mode;
  readonly room: string;
};

export type InvitationAnswer = Header & {
  readonly type: 'reponseMessageriePrivee';
  readonly accepted: boolean;
};

/** The user id of a TEXTE is its author's, even when the hub relays it (R5). */
export type TextMessage = Each<
  'texte' | 'erreur',
  {
    /** After decoding it may be longer than allowed: the hub has to confirm even a text that it does not relay. */
    readonly text: string;
  }
>;

export type DoneAnswer = Each<
  'reponseQuitter' | 'reponseDeconnexion',
  {
    /** True is 0 on the wire. False is 1: the user was in no private room, or there was an error. */
    readonly done: boolean;
  }
>;

/**
 * One datagram, one message.
 *
 * After decoding, a name or room name may break the rules of `isName` and `isRoomName`, and the hub has to refuse it.
 */
export type Message =
  | BareMessage
  | ConnectMessage
  | RegistrationAnswer
  | KeepAliveAnswer
  | CreateMessage
  | CreateAnswer
  | RoomsMessage
  | RoomRequest
  | AccessAnswer
  | NamesMessage
  | InviteMessage
  | InvitationMessage
  | InvitationAnswer
  | TextMessage
  | DoneAnswer;

/** Only decoded, never encoded: the hub answers ERREUR under the same number (R4). */
export type UnknownMessage = Header & {
  readonly type: 'unknown';
  /** 5 bits: a value that is not in {@link types}. */
  readonly code: number;
};
