import type {HubLog} from '../protocols/protocol.ts';

/** For a hub inside the client, whose screen is no place for a log. */
export const silentLog = (): HubLog => ({
  connected() {},
  refused() {},
  left() {},
  fault() {},
  cut() {},
});
