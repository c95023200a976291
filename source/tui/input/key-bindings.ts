/** All keys in one table: it decides what they do, and the help is made from it. */
import {type EditCommand, isEditCommand} from '../composer/line-editor.ts';

/** Where a key has a meaning. A key that has none there may have one in `everywhere`. */
export type Context =
  | 'everywhere'
  | 'composer'
  | 'search'
  | 'messages'
  | 'journey'
  | 'users'
  | 'invitations'
  | 'form'
  | 'share'
  | 'rooms'
  | 'switcher'
  | 'mentions'
  | 'help';

export type Action =
  | EditCommand
  | 'send'
  | 'line-up'
  | 'line-down'
  | 'complete'
  | 'complete-previous'
  | 'search-sent'
  | 'search-older'
  | 'search-newer'
  | 'search-take'
  | 'search-end'
  | 'edit-outside'
  | 'delete-or-leave'
  | 'clear-or-leave'
  | 'to-composer'
  | 'next-pane'
  | 'pane-1'
  | 'pane-2'
  | 'pane-3'
  | 'pane-4'
  | 'pane-5'
  | 'pane-6'
  | 'pane-7'
  | 'pane-8'
  | 'pane-9'
  | 'pane-10'
  | 'next-unread'
  | 'first-unread'
  | 'next-mention'
  | 'previous-mention'
  | 'next-conversation'
  | 'previous-conversation'
  | 'switch'
  | 'place-up'
  | 'place-down'
  | 'place-page-up'
  | 'place-page-down'
  | 'go-to-place'
  | 'mention-up'
  | 'mention-down'
  | 'mention-page-up'
  | 'mention-page-down'
  | 'go-to-mention'
  | 'page-up'
  | 'page-down'
  | 'oldest'
  | 'newest'
  | 'select-up'
  | 'select-down'
  | 'open-journey'
  | 'close-journey'
  | 'frame-before'
  | 'frame-after'
  | 'field-before'
  | 'field-after'
  | 'send-again'
  | 'carry-over'
  | 'copy-text'
  | 'invite'
  | 'accept'
  | 'decline'
  | 'next-field'
  | 'hub-up'
  | 'hub-down'
  | 'connect'
  | 'close-form'
  | 'close-overlay'
  | 'room-up'
  | 'room-down'
  | 'room-page-up'
  | 'room-page-down'
  | 'first-room'
  | 'last-room'
  | 'join'
  | 'help'
  | 'close-help'
  | 'help-up'
  | 'help-down'
  | 'help-page-up'
  | 'help-page-down'
  | 'open-link'
  | 'repaint'
  | 'suspend';

/** What is done for the actions that are not edits. */
export type Actions = Readonly<Record<Exclude<Action, EditCommand>, () => void>>;

export type KeyBinding = {
  readonly context: Context;
  readonly keys: readonly string[];
  readonly action: Action;
  readonly summary: string;
};

export const keyBindings: readonly KeyBinding[] = [
  bind('composer', 'send', 'send', 'enter'),
  bind('composer', 'new-line', 'new line in the draft', 'alt-enter', 'ctrl-j', 'shift-enter'),
  bind('composer', 'complete', 'complete a name, a command, :smile: …; next candidate', 'tab'),
  bind('composer', 'complete-previous', 'previous candidate, or next pane', 'shift-tab'),
  bind('composer', 'line-up', 'line above, or what you sent before', 'up'),
  bind('composer', 'line-down', 'line below, or what you sent after', 'down'),
  bind('composer', 'search-sent', 'search in what you sent', 'ctrl-r'),
  bind('composer', 'edit-outside', 'the draft in $VISUAL or $EDITOR', 'ctrl-x ctrl-e'),
  bind('composer', 'character-left', 'a character left', 'left', 'ctrl-b'),
  bind('composer', 'character-right', 'a character right', 'right', 'ctrl-f'),
  bind('composer', 'word-left', 'a word left', 'ctrl-left', 'alt-b'),
  bind('composer', 'word-right', 'a word right', 'ctrl-right', 'alt-f'),
  bind('composer', 'line-start', 'start of the line', 'home', 'ctrl-a'),
  bind('composer', 'line-end', 'end of the line', 'end', 'ctrl-e'),
  bind('composer', 'delete-left', 'delete to the left', 'backspace', 'ctrl-h', 'shift-backspace'),
  bind('composer', 'delete-right', 'delete to the right', 'delete'),
  bind('composer', 'delete-or-leave', 'delete to the right; leave on an empty line', 'ctrl-d'),
  bind('composer', 'kill-word-left', 'cut the word to the left', 'alt-backspace', 'alt-ctrl-h'),
  bind('composer', 'kill-argument-left', 'cut back to a space', 'ctrl-w'),
  bind('composer', 'kill-word-right', 'cut the word to the right', 'alt-d'),
  bind('composer', 'kill-line-left', 'cut to the start of the line', 'ctrl-u'),
  bind('composer', 'kill-line-right', 'cut to the end of the line', 'ctrl-k'),
  bind('composer', 'yank', 'put back what was cut', 'ctrl-y'),
  bind('composer', 'yank-older', 'after that: what was cut before', 'alt-y'),
  bind('composer', 'transpose', 'swap two characters', 'ctrl-t'),
  bind('composer', 'undo', 'undo', 'ctrl-_'),
  bind('search', 'search-older', 'an older line', 'ctrl-r', 'up'),
  bind('search', 'search-newer', 'a newer line', 'ctrl-s', 'down'),
  bind('search', 'search-take', 'into the draft', 'enter', 'tab'),
  bind('search', 'search-end', 'back to the draft', 'escape', 'ctrl-g', 'ctrl-c'),
  bind('messages', 'select-up', 'select the message above', 'up'),
  bind('messages', 'select-down', 'select the message below', 'down'),
  bind('messages', 'open-journey', 'the journey of the message', 'enter'),
  bind('messages', 'oldest', 'to the oldest message', 'home'),
  bind('messages', 'newest', 'to the newest message', 'end'),
  bind('journey', 'frame-before', 'the frame that was sent before', 'up'),
  bind('journey', 'frame-after', 'the frame that was sent after', 'down'),
  bind('journey', 'field-before', 'the field before', 'left', 'shift-tab'),
  bind('journey', 'field-after', 'the next field', 'right', 'tab'),
  bind('journey', 'send-again', 'send again, where the message has ✗', 'r', 'enter'),
  bind('journey', 'carry-over', 'carry a room from peer to peer over to the hub', 'c'),
  bind('journey', 'copy-text', 'copy the text', 'y'),
  bind('journey', 'close-journey', 'close', 'escape'),
  bind('users', 'select-up', 'select the user above', 'up'),
  bind('users', 'select-down', 'select the user below', 'down'),
  bind('users', 'invite', 'write to the selected user, or invite them', 'enter'),
  bind('invitations', 'select-up', 'select the invitation above', 'up'),
  bind('invitations', 'select-down', 'select the invitation below', 'down'),
  bind('invitations', 'accept', 'accept', 'a'),
  bind('invitations', 'decline', 'decline', 'd'),
  bind('form', 'next-field', 'the other field', 'tab', 'shift-tab'),
  bind('form', 'hub-up', 'the place above', 'up'),
  bind('form', 'hub-down', 'the place below', 'down'),
  bind('form', 'connect', 'connect', 'enter'),
  bind('form', 'close-form', 'close, if there is a connection', 'escape'),
  bind('share', 'close-overlay', 'close', 'escape', 'enter', 'q', 'ctrl-c'),
  bind('rooms', 'room-up', 'select the room above', 'up'),
  bind('rooms', 'room-down', 'select the room below', 'down'),
  bind('rooms', 'room-page-up', 'select a room a page above', 'pageup'),
  bind('rooms', 'room-page-down', 'select a room a page below', 'pagedown'),
  bind('rooms', 'first-room', 'select the first room', 'home'),
  bind('rooms', 'last-room', 'select the last room', 'end'),
  bind('rooms', 'join', 'enter the room', 'enter'),
  bind('rooms', 'close-overlay', 'close', 'escape', 'ctrl-c'),
  bind('switcher', 'place-up', 'select the place above', 'up', 'ctrl-p'),
  bind('switcher', 'place-down', 'select the place below', 'down', 'ctrl-n', 'tab'),
  bind('switcher', 'place-page-up', 'select a place a page above', 'pageup'),
  bind('switcher', 'place-page-down', 'select a place a page below', 'pagedown'),
  bind('switcher', 'go-to-place', 'go there', 'enter'),
  bind('switcher', 'delete-left', 'delete to the left', 'backspace', 'ctrl-h'),
  bind('switcher', 'kill-argument-left', 'cut back to a space', 'ctrl-w'),
  bind('switcher', 'kill-line-left', 'cut to the start', 'ctrl-u'),
  bind('switcher', 'close-overlay', 'close', 'escape', 'ctrl-g', 'ctrl-c'),
  bind('mentions', 'mention-up', 'select the message above', 'up', 'ctrl-p'),
  bind('mentions', 'mention-down', 'select the message below', 'down', 'ctrl-n'),
  bind('mentions', 'mention-page-up', 'select a message a page above', 'pageup'),
  bind('mentions', 'mention-page-down', 'select a message a page below', 'pagedown'),
  bind('mentions', 'go-to-mention', 'go to the message', 'enter'),
  bind('mentions', 'close-overlay', 'close', 'escape', 'q', 'ctrl-c'),
  bind('help', 'help-up', 'scroll up', 'up'),
  bind('help', 'help-down', 'scroll down', 'down'),
  bind('help', 'help-page-up', 'scroll up a page', 'pageup'),
  bind('help', 'help-page-down', 'scroll down a page', 'pagedown'),
  bind(
    'help',
    'close-help',
    'close; with a search, show all again',
    'escape',
    'f1',
    'enter',
    'ctrl-c',
  ),
  bind('everywhere', 'next-unread', 'next conversation with something unread', 'alt-a'),
  bind('everywhere', 'first-unread', 'to the first message that is new', 'alt-u'),
  bind('everywhere', 'previous-mention', 'to the mention above', 'alt-p'),
  bind('everywhere', 'next-mention', 'to the mention below', 'alt-n'),
  bind('everywhere', 'previous-conversation', 'previous conversation', 'ctrl-p', 'alt-left'),
  bind('everywhere', 'next-conversation', 'next conversation', 'ctrl-n', 'alt-right'),
  bind('everywhere', 'switch', 'go to a conversation or a person by a few letters', 'ctrl-g'),
  bind('everywhere', 'page-up', 'scroll up a page', 'pageup'),
  bind('everywhere', 'page-down', 'scroll down a page', 'pagedown'),
  bind('everywhere', 'oldest', 'to the oldest message', 'alt-<', 'alt-home'),
  bind('everywhere', 'newest', 'to the newest message', 'alt->', 'alt-end'),
  bind('everywhere', 'pane-1', 'public', 'alt-1'),
  bind('everywhere', 'pane-2', 'room, or private connection', 'alt-2'),
  bind('everywhere', 'pane-3', 'users; again: back', 'alt-3'),
  bind('everywhere', 'pane-4', 'invitations; again: back', 'alt-4'),
  bind('everywhere', 'pane-5', 'first conversation with one person', 'alt-5'),
  bind('everywhere', 'pane-6', 'second one', 'alt-6'),
  bind('everywhere', 'pane-7', 'third one', 'alt-7'),
  bind('everywhere', 'pane-8', 'fourth one', 'alt-8'),
  bind('everywhere', 'pane-9', 'fifth one', 'alt-9'),
  bind('everywhere', 'pane-10', 'sixth one', 'alt-0'),
  bind('everywhere', 'next-pane', 'next pane', 'shift-tab'),
  bind('everywhere', 'to-composer', 'back to the composer', 'escape'),
  bind('everywhere', 'help', 'help', 'f1'),
  bind('everywhere', 'open-link', 'open the newest link, or that of the selected message', 'alt-o'),
  bind('everywhere', 'repaint', 'repaint the screen', 'ctrl-l'),
  bind('everywhere', 'suspend', 'suspend; fg brings it back', 'ctrl-z'),
  bind('everywhere', 'clear-or-leave', 'clear the line; twice on an empty line: leave', 'ctrl-c'),
];

/** What a list of the keys of each context is headed with, in the order of the help. */
export const contextTitles: Readonly<Record<Context, string>> = {
  everywhere: 'Keys everywhere',
  composer: 'Keys in the composer',
  search: 'Keys in the search of what you sent',
  messages: 'Keys in public and room',
  journey: 'Keys in the journey of a message',
  users: 'Keys in users',
  invitations: 'Keys in invitations',
  rooms: 'Keys in the list of rooms',
  switcher: 'Keys behind Ctrl-G',
  mentions: 'Keys in the list of mentions',
  form: 'Keys in the form that asks who and where',
  share: 'Keys in what /share shows',
  help: 'Keys in the help',
};

export function actionFor(context: Context, key: string): Action | undefined {
  const own =
    actions.get(`${context} ${key}`) ?? (context === 'form' ? lineAction(key) : undefined);
  return own ?? actions.get(`everywhere ${key}`);
}

/** A field is edited by the keys of the composer. */
function lineAction(key: string): EditCommand | undefined {
  const action = actions.get(`composer ${key}`);
  return action !== undefined && isEditCommand(action) && action !== 'new-line'
    ? action
    : undefined;
}

/** Whether the key is the first of two: `ctrl-x ctrl-e`. */
export function isPrefix(key: string): boolean {
  return prefixes.has(key);
}

/** As people write them: `Ctrl-A`, `Alt-Enter`, `↑`. */
export function keyLabel(key: string): string {
  const labelOf = (one: string) => {
    const parts = one.split(/(?<=.)-(?=.)/);
    return parts.map((part, index) => nameOf(part, index > 0)).join('-');
  };
  return key.split(' ').map(labelOf).join(' ');
}

function bind(
  context: Context,
  action: Action,
  summary: string,
  ...keys: readonly string[]
): KeyBinding {
  return {context, keys, action, summary};
}

const actions: ReadonlyMap<string, Action> = new Map(
  keyBindings.flatMap(({context, keys, action}) =>
    keys.map(key => [`${context} ${key}`, action] as const),
  ),
);

const prefixes: ReadonlySet<string> = new Set(
  keyBindings.flatMap(({keys}) => keys.flatMap(key => key.split(' ').slice(0, -1))),
);

const labels: Readonly<Record<string, string>> = {
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
  pageup: 'PgUp',
  pagedown: 'PgDn',
  escape: 'Esc',
};

function nameOf(part: string, isModified: boolean): string {
  const label = labels[part];
  if (label !== undefined) return label;
  if (part.length === 1) return isModified ? part.toUpperCase() : part;
  return part.charAt(0).toUpperCase() + part.slice(1);
}
