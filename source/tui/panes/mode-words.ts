import type {Invitation} from '../../client/state.ts';

/** Short words for modes, which fit beside a nickname of ten letters. */
export const shortModes: Readonly<Record<Invitation['mode'], string>> = {
  centralised: 'by hub',
  decentralised: 'direct',
  link: 'link',
};
