import type {Invitation} from '../../client/state.ts';

/** Who passes the texts on, in a few cells. */
export const modeWords: Readonly<Record<Invitation['mode'], string>> = {
  centralised: 'by hub',
  decentralised: 'peer to peer',
  link: 'private connection',
};

/** The same, where there is still less room. */
export const shortModes: Readonly<Record<Invitation['mode'], string>> = {
  centralised: 'by hub',
  decentralised: 'direct',
  link: 'link',
};
