/** What the protocols are for people who choose one: for the README and chat-tui(7). How they work is in docs/protocols. */

export type ProtocolText = {
  /** For a row of a table: what it has. */
  readonly summary: string;
  /** Paragraphs. */
  readonly about: readonly string[];
};

/** By name, for every protocol of the program: a test holds that. */
export const protocolTexts: Readonly<Record<string, ProtocolText>> = {
  res302: {
    summary: 'private rooms by invitation, through the hub or from peer to peer',
    about: [
      'Lettered messages over UDP. It is the protocol if none is named. Each message is confirmed, and sent again until it is.',
      'A room is opened by an invitation: /invite. Its texts go through the hub, or with --decentralised from peer to peer; then the hub does not see them, and a text shows how many members have it.',
    ],
  },
  messagerie: {
    summary: 'the same, and rooms with names, which are listed and open to everybody',
    about: [
      'Bit-packed messages over UDP, confirmed like those of res302.',
      'Its rooms have names. /rooms lists them, /create opens one, and everybody can /join it. Members can invite others, and a room can be decentralised.',
    ],
  },
  shen: {
    summary: 'private rooms by invitation of both kinds, and messages to one person',
    about: [
      'Bit fields over UDP, confirmed like those of res302.',
      'It has rooms by invitation, through the hub or from peer to peer, and messages to one person: /msg. A text is one line: each line of a draft is a message.',
    ],
  },
  whoiam: {
    summary: 'lines over TCP, for `nc` too: one public room, messages to one person',
    about: [
      'Lines of text over TCP, which can be typed by hand: nc chat.example 30203, then IAM and a nickname.',
      'It has the public room and messages to one person. The client asks the hub a question behind each text, and so knows that the text has arrived.',
    ],
  },
  cosp: {
    summary: 'binary over TCP: the same, and private connections for texts or pipes',
    about: [
      'Binary messages over TCP. It has the public room and messages to one person.',
      'Two people can have a private connection through the hub: /link for texts, chat-tui pipe for any bytes.',
    ],
  },
};
