import {cosp} from './cosp/index.ts';
import {messagerie} from './messagerie/index.ts';
import type {Protocol} from './protocol.ts';
import {res302} from './res302/index.ts';
import {shen} from './shen/index.ts';
import {whoiam} from './whoiam/index.ts';

/** Every protocol that is spoken here, in the order of their default ports. */
export const protocols: readonly Protocol[] = [res302, messagerie, shen, whoiam, cosp];

/** The names and ports that are taken: those that are not spoken yet among them. */
export const protocolNames = ['res302', 'messagerie', 'shen', 'whoiam', 'cosp'] as const;
export const firstDefaultPort = 30_200;
