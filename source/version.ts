declare const CHAT_TUI_VERSION: string;

/** Version of this program. The build puts it in. */
export const version = CHAT_TUI_VERSION;
