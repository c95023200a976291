import {describe, expect, test} from 'vitest';
import {
  type Address,
  alternatives,
  findProtocol,
  formatAddress,
  formatLink,
  parseAddress,
  shortAddress,
} from '../../source/client/address.ts';
import {defaultProtocol, protocols} from '../../source/protocols/index.ts';

/** The names that are taken by protocols this version does not speak. */
function parsed(text: string, fallback?: string): Address {
  const result = parseAddress(text, fallback);
  if (!result.ok) throw new Error(result.message);
  return result.address;
}

function refusal(text: string, fallback?: string): string {
  const result = parseAddress(text, fallback);
  if (result.ok) throw new Error(`${text} is an address`);
  return result.message;
}

test.each([
  ['chat.example', 'chat.example', 30_200],
  ['chat.example:4711', 'chat.example', 4711],
  ['127.0.0.1:1', '127.0.0.1', 1],
  ['localhost:65535', 'localhost', 65_535],
  ['res302://chat.example', 'chat.example', 30_200],
  ['res302://chat.example:4711', 'chat.example', 4711],
  ['RES302://chat.example', 'chat.example', 30_200],
  ['  chat.example:30200 ', 'chat.example', 30_200],
])('%s is a res302 hub', (text, host, port) => {
  const address = parsed(text);
  expect(address).toMatchObject({host, port});
  expect(address.protocol.name).toBe('res302');
});

describe.each(protocols.map(({name, defaultPort}) => [name, defaultPort] as const))(
  '%s, whose port is %i',
  (name, defaultPort) => {
    test('is meant by its name, and by its port where there is no name', () => {
      expect(parsed(`${name}://chat.example`).port).toBe(defaultPort);
      expect(parsed(`chat.example:${defaultPort}`).protocol.name).toBe(name);
    });

    test('is meant by its name on any port, that of another protocol too', () => {
      const other = defaultPort + 1;
      const address = parsed(`${name}://chat.example:${other}`);
      expect([address.protocol.name, address.port]).toEqual([name, other]);
    });

    test('is meant where nothing names another, if it was chosen', () => {
      expect(parsed('chat.example', name).protocol.name).toBe(name);
      expect(parsed('chat.example:4711', name).protocol.name).toBe(name);
    });

    test('has the port that is its own among the five', () => {
      const index = protocols.findIndex(protocol => protocol.name === name);
      expect(defaultPort).toBe(defaultProtocol.defaultPort + index);
    });
  },
);

test('a scheme that nobody speaks is named, and those that are spoken', () => {
  expect(refusal('http://chat.example')).toMatch(/^http is no protocol: .*\bres302\b/);
  expect(findProtocol('gopher')).toMatch(/^gopher is no protocol/);
});

test.each(['0', '65536', '123456', '-1', 'x', '', '1e3', '+80'])('there is no port %j', port => {
  expect(refusal(`chat.example:${port}`)).toMatch(/no port.* 1 to 65535/);
  expect(refusal(`res302://chat.example:${port}`)).toMatch(/no port.* 1 to 65535/);
});

test.each([
  '',
  ' ',
  'two words',
  'a:b:c',
  '::1',
  'res302://',
  'res302:/x',
  '[::1',
  'a/b',
  'x://y/z',
])('%j is no address, and the answer says how one is written', text => {
  const message = refusal(text);
  expect(message).toMatch(/^\S.*(?:is no address|is missing): write host:port/);
});

test('IPv6 is refused with the reason by protocols that tell peers IPv4 addresses', () => {
  for (const text of ['[::1]', '[::1]:30200', 'res302://[2001:db8::1]:30200']) {
    expect(refusal(text)).toMatch(/^res302 reaches IPv4 addresses only: .*four bytes/);
  }
});

test.each(['res302://chat.example:30200', 'res302://127.0.0.1:4711'])(
  '%s is written as it was read',
  text => {
    expect(formatAddress(parsed(text))).toBe(text);
  },
);

test('an IPv6 address is written in its brackets', () => {
  const {protocol} = parsed('res302://chat.example');
  expect(formatAddress({protocol, host: '::1', port: 30_203})).toBe('res302://[::1]:30203');
});

test.each(['chat.example', '127.0.0.1:4711', 'res302://h:1'])(
  'what is written for %s can be given to --server',
  text => {
    const {protocol, host, port} = parsed(text);
    expect(parsed(formatAddress({protocol, host, port}))).toEqual({protocol, host, port});
  },
);

test.each(protocols)('the short form of a $name address means the same', protocol => {
  for (const port of [protocol.defaultPort, 4711]) {
    const address = {protocol, host: '127.0.0.1', port};
    expect(parsed(shortAddress(address))).toMatchObject(address);
  }
});

test('a protocol that nobody has named is a guess', () => {
  for (const text of ['h', 'h:30201', 'h:4711', 'chat-tui://h:4711']) {
    expect(parsed(text).isGuess).toBe(true);
    expect(parsed(text, 'shen').isGuess).toBe(true);
  }
  for (const text of ['shen://h', 'cosp://h:4711', 'chat-tui://h:4711?protocol=shen']) {
    expect(parsed(text).isGuess).toBeUndefined();
  }
});

test.each(protocols)('a link to a $name hub leads there, whoever opens it', ({name}) => {
  for (const host of name === 'cosp' || name === 'whoiam' ? ['h', '[::1]'] : ['h', '192.0.2.7']) {
    for (const port of [30_200, 30_204, 4711]) {
      const address = parsed(`${name}://${host}:${port}`);
      const link = formatLink(address);
      expect(link).toMatch(/^chat-tui:\/\/[^/?]+(\?protocol=\w+)?$/);
      expect(parsed(link, 'shen')).toMatchObject(address);
    }
  }
});

test.each([
  ['chat-tui://h', 'res302', 30_200],
  ['chat-tui://h/', 'res302', 30_200],
  ['CHAT-TUI://h:4711/?protocol=cosp', 'cosp', 4711],
  ['chat-tui://h?later=1&protocol=shen&room=x%20y', 'shen', 30_202],
  ['chat-tui://h:30203', 'whoiam', 30_203],
])('%s is a link, with or without what a browser or a later version adds', (link, name, port) => {
  const address = parsed(link);
  expect([address.host, address.protocol.name, address.port]).toEqual(['h', name, port]);
});

test.each([
  'chat-tui://',
  'chat-tui://h/path',
  'chat-tui://alice@h',
  'chat-tui://h#x',
  'chat-tui://h?protocol=a b',
  'chat-tui://\u001b[2Jh',
  'chat-tui://h\u202e',
  `chat-tui://${'h'.repeat(254)}`,
  'h?protocol=cosp',
  'res302://h/',
])('%j is neither an address nor a link', text => {
  expect(refusal(text)).toMatch(/is no address: write host:port/);
});

test('a link to a protocol that nobody speaks says which are spoken', () => {
  expect(refusal('chat-tui://h?protocol=gopher')).toMatch(/^gopher is no protocol: .*\bres302\b/);
});

test('what is said of a hostile link has no character that acts on a terminal', () => {
  for (const text of ['chat-tui://\u001b[2Jh', 'chat-tui://h?protocol=%1b[2J', 'h:\u001b[2J']) {
    expect(refusal(text)).not.toMatch(/\p{Cc}/u);
  }
});

test('a hub of another protocol is looked for at the same port, and at the usual ports if that is one', () => {
  const written = (text: string) => alternatives(parsed(text)).map(formatAddress);
  expect(written('shen://h:4711')).toEqual([
    'res302://h:4711',
    'messagerie://h:4711',
    'whoiam://h:4711',
    'cosp://h:4711',
  ]);
  expect(written('h')).toHaveLength(8);
  expect(written('h')).toContain('messagerie://h:30200');
  expect(written('h')).toContain('messagerie://h:30201');
});

test('an address is short only where the protocol goes without saying', () => {
  const [first, second] = protocols;
  if (first === undefined || second === undefined) throw new Error('two protocols are needed');
  expect(shortAddress({protocol: first, host: 'h', port: 4711})).toBe('h:4711');
  expect(shortAddress({protocol: second, host: 'h', port: second.defaultPort})).toBe(
    `h:${second.defaultPort}`,
  );
  expect(shortAddress({protocol: second, host: 'h', port: 4711})).toBe(`${second.name}://h:4711`);
});
