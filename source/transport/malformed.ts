/** Bytes from the network that are no message. Thrown inside a codec, and caught at its edge alone. */
export class Malformed extends Error {}
