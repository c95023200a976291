import {cosp} from './cosp/index.ts';
import {messagerie} from './messagerie/index.ts';
import type {Protocol} from './protocol.ts';
import {res302} from './res302/index.ts';
import {shen} from './shen/index.ts';
import {whoiam} from './whoiam/index.ts';

/** What is spoken where nothing says otherwise. */
export const defaultProtocol: Protocol = res302;

/** Every protocol, in the order of their default ports, which follow one another. */
export const protocols: readonly Protocol[] = [defaultProtocol, messagerie, shen, whoiam, cosp];
