import type {Pump} from './pump.ts';

type Counts = Pick<Pump, 'sent' | 'received'>;

/** The rate is measured over this time, so that it neither flickers nor lags. */
const windowMs = 3000;

/** A line for people with the bytes sent and received. Time comes in as an argument. */
export class Progress {
  readonly #peer: string;
  #samples: readonly (Counts & {readonly at: number})[] = [];

  constructor(peer: string) {
    this.#peer = peer;
  }

  /** @param now In milliseconds of a monotonic clock. */
  line({sent, received}: Counts, now: number): string {
    this.#samples = [
      ...this.#samples.filter(({at}) => now - at <= windowMs),
      {sent, received, at: now},
    ];
    const [oldest] = this.#samples;
    const seconds = (now - (oldest?.at ?? now)) / 1000;
    const rate = (bytes: number, before = 0) =>
      seconds > 0 ? `, ${size((bytes - before) / seconds)}/s` : '';
    const parts = [
      ...(sent > 0 || received === 0 ? [`↑ ${size(sent)}${rate(sent, oldest?.sent)}`] : []),
      ...(received > 0 ? [`↓ ${size(received)}${rate(received, oldest?.received)}`] : []),
    ];
    return `${this.#peer}  ${parts.join('  ')}`;
  }
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** `1.2 MiB`. */
export function size(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1023.95 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}
