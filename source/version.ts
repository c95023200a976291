declare const CHAT_TUI_VERSION: string;

/** Of this program; the build puts it in. */
export const version = CHAT_TUI_VERSION;
