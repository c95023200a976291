/**
 * Makes the emulator measure whole graphemes. Version 0.4 of the addon looks for its tables at the
 * start of the memory that a Buffer is cut from, not where the Buffer begins: it may only be loaded
 * while Node's buffers have memory of their own.
 */
const {poolSize} = Buffer;
Buffer.poolSize = 0;
export const {UnicodeGraphemesAddon} = await import('@xterm/addon-unicode-graphemes');
Buffer.poolSize = poolSize;
