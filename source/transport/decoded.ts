/** What a codec makes of bytes from the network: it never throws, and says what is wrong with them. */
export type Decoded<Message> =
  | {readonly ok: true; readonly message: Message}
  | {readonly ok: false; readonly reason: string};
