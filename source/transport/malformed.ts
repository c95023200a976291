/** Bytes from the network that are no message. Thrown inside a codec, and caught only at its edge. */
export class Malformed extends Error {}
