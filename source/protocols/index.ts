import {cosp} from './cosp/index.ts';
import {messagerie} from './messagerie/index.ts';
import type {Protocol} from './protocol.ts';
import {res302} from './res302/index.ts';
import {shen} from './shen/index.ts';
import {whoiam} from './whoiam/index.ts';

/** The protocol if the user names none. */
export const defaultProtocol: Protocol = res302;

/** All protocols, in the order of their default ports, which are consecutive. */
export const protocols: readonly Protocol[] = [defaultProtocol, messagerie, shen, whoiam, cosp];
