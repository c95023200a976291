import type {Invitation} from '../../client/state.ts';

/** What a mode is called where there is no room for its name: beside a nickname of ten letters. */
export const shortModes: Readonly<Record<Invitation['mode'], string>> = {
  centralised: 'by hub',
  decentralised: 'direct',
  link: 'link',
};
