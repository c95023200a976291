/** The result of decoding bytes from the network. A decoder never throws, and says what is wrong with the bytes. */
export type Decoded<Message> =
  | {readonly ok: true; readonly message: Message}
  | {readonly ok: false; readonly reason: string};
