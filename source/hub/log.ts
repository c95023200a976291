import {type DestinationStream, pino} from 'pino';
import type {HubLog} from '../protocols/protocol.ts';

/** The hub's log. It never contains a text that somebody wrote. */
export type Log = {
  /** The log of that protocol's sessions. */
  of(protocol: string): HubLog;
  listening(listener: {
    readonly protocol: string;
    readonly transport: string;
    readonly host: string;
    readonly port: number;
  }): void;
  /** Reports lines that were lost because nobody read them. */
  lost(lines: number): void;
  stopping(signal: string): void;
  /** @param drops Datagrams that were not served, by reason. */
  stopped(users: number, drops: ReadonlyMap<string, number>): void;
};

/** @param write Takes whole lines. */
export function createLog({
  isJson,
  write,
}: {
  readonly isJson: boolean;
  write(line: string): void;
}): Log {
  const logger = pino(
    {
      base: null,
      messageKey: 'message',
      timestamp: () => `,"at":"${new Date().toISOString()}"`,
      formatters: {level: level => ({level})},
    },
    isJson ? {write: line => write(harmless(line))} : asText(line => write(harmless(line))),
  );
  return {
    listening(listener) {
      // The line that programs wait for: nothing but the promised fields.
      const {protocol, transport, host, port} = listener;
      write(
        isJson
          ? `${JSON.stringify({type: 'listening', ...listener})}\n`
          : `${protocol} ${transport} ${host}:${port}\n`,
      );
    },
    of: protocol => ({
      connected(nick, {host, port}, aliases) {
        const names = [...(aliases ?? [])].map(([dialect, name]) => `, ${name} in ${dialect}`);
        logger.info(
          {
            ...{type: 'connected', protocol, nick, host, port},
            ...(aliases === undefined ? {} : {aliases: Object.fromEntries(aliases)}),
          },
          `${nick} connected from ${host}:${port} (${protocol})${names.join('')}`,
        );
      },
      refused(nick, {host, port}, reason) {
        logger.info(
          {type: 'refused', protocol, nick, host, port, reason},
          `${nick} refused from ${host}:${port} (${protocol}): ${reason}`,
        );
      },
      left(nick, {host, port}, reason) {
        logger.info({type: 'left', protocol, nick, host, port, reason}, `${nick} left: ${reason}`);
      },
      fault(nick, error) {
        const {stack} = error instanceof Error ? error : new Error(String(error));
        logger.error(
          {type: 'fault', protocol, ...(nick === undefined ? {} : {nick}), stack},
          `A bug of chat-tui has ended ${nick ?? 'a stranger'}'s session (${protocol}): ${stack}`,
        );
      },
      cut(nick, list, told, of) {
        logger.info(
          {type: 'cut', protocol, nick, list, told, of},
          `${nick} was told ${told} of ${of} ${list}: a list of ${protocol} has no room for more`,
        );
      },
    }),
    lost(lines) {
      const text =
        lines === 1 ? '1 line of this log is lost' : `${lines} lines of this log are lost`;
      logger.warn({type: 'lost', lines}, `${text}: there was no room for more`);
    },
    stopping(signal) {
      logger.info({type: 'stopping', signal}, `${signal}: telling everybody and closing`);
    },
    stopped(users, drops) {
      const counts = [...drops].map(([reason, count]) => `, ${count} datagrams ${reason}`).join('');
      const fields = {type: 'stopped', users, drops: Object.fromEntries(drops)};
      logger.info(fields, `closed; ${users} were connected${counts}`);
    },
  };
}

/** Names come from the network: they must not act on a terminal or look like a line of their own. */
function harmless(line: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: this expression is what escapes them
  const acting = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
  const escaped = line
    .trimEnd()
    .replaceAll(acting, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `${escaped}\n`;
}

function asText(write: (line: string) => void): DestinationStream {
  return {
    write(line) {
      const {at, level, message} = JSON.parse(line);
      write(`${localTime(new Date(at))} ${level} ${message}\n`);
    },
  };
}

/** For example `2026-11-28 18:05:12 +01:00`, in the time zone of the hub. */
function localTime(at: Date): string {
  const offset = -at.getTimezoneOffset();
  const local = new Date(at.getTime() + offset * 60_000).toISOString();
  const hours = `${Math.trunc(Math.abs(offset) / 60)}`.padStart(2, '0');
  const minutes = `${Math.abs(offset) % 60}`.padStart(2, '0');
  return `${local.slice(0, 10)} ${local.slice(11, 19)} ${offset < 0 ? '-' : '+'}${hours}:${minutes}`;
}
