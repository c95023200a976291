import {isCommand} from '../../client/draft.ts';
import type {Typing} from '../panes/hints.ts';
import {type Composer, draftOf} from './composer.ts';

/** What the composer is doing, for the hints below it. */
export function typingOf(composer: Composer): Typing {
  const {question, completion, search} = composer;
  if (question !== undefined) return 'asked';
  if (search !== undefined) return 'searching';
  if (completion !== undefined) return 'completing';
  const {text} = draftOf(composer);
  if (text === '') return 'nothing';
  return isCommand(text) || text === '/' ? 'command' : 'draft';
}
