import {describe, expect, test} from 'vitest';
import {type Invocation, readCommandLine} from '../source/command-line.ts';
import {chat, completion, flagOf, helpFor, pipe, serve, subcommands} from '../source/options.ts';
import {defaultProtocol, protocols} from '../source/protocols/index.ts';
import {version} from '../source/version.ts';

/** As a shell would split it. */
function read(line: string, environment: Readonly<Record<string, string>> = {}): Invocation {
  return readCommandLine(line === '' ? [] : line.split(' '), environment);
}

/** The sentence of a usage error. */
function complaint(line: string, environment?: Readonly<Record<string, string>>): string {
  const invocation = read(line, environment);
  if (invocation.face !== 'usage-error') throw new Error(`${line} means ${invocation.face}`);
  return invocation.message;
}

function portsOf(line: string): [string, number][] {
  const invocation = read(line);
  if (invocation.face !== 'serve') throw new Error(`${line} means ${invocation.face}`);
  return Array.from(invocation.ports, ([{name}, port]) => [name, port]);
}

describe('the client', () => {
  test('waits for a hub if it is told to, and has no screen that does so by itself', () => {
    expect(read('--headless')).toMatchObject({isWaiting: false});
    expect(read('--headless --wait')).toMatchObject({face: 'headless', isWaiting: true});
    expect(complaint('--wait')).toContain('--wait is for --headless');
  });

  test('can go back after a refusal, and trace, without a screen alone', () => {
    expect(read('--headless --on-refusal stay --trace')).toMatchObject({
      goesBack: true,
      isTracing: true,
    });
    expect(read('--headless --on-refusal end')).toMatchObject({goesBack: false, isTracing: false});
    expect(complaint('--on-refusal stay')).toContain('is for --headless');
    expect(complaint('--trace')).toContain('is for --headless');
    expect(complaint('--headless --on-refusal go')).toContain('has to be end or stay, not go');
    expect(read('--json-schema')).toEqual({face: 'json-schema'});
  });

  test('without a word is the screen, with a hub of its own and no nickname', () => {
    const [protocol] = protocols;
    expect(read('')).toEqual({
      face: 'screen',
      address: undefined,
      protocol,
      nick: undefined,
      isWaiting: false,
      isAsking: false,
      wantsOwnHub: false,
      isTracing: false,
      goesBack: false,
    });
  });

  test('is told in lines where that is asked for, or the terminal can do no more', () => {
    const isChosenByTerminal = false;
    expect(read('--linear --marks all --prompt >')).toMatchObject({
      face: 'linear',
      linear: {settings: {marks: 'all', prompt: '>'}, isChosenByTerminal},
    });
    expect(read('', {TERM: 'dumb'})).toMatchObject({
      face: 'linear',
      linear: {settings: {}, isChosenByTerminal: true},
    });
    expect(read('--screen', {TERM: 'dumb'})).toMatchObject({face: 'screen'});
    expect(read('--headless', {TERM: 'dumb'})).toMatchObject({face: 'headless'});
    expect(complaint('--linear --headless')).toContain(
      '--headless and --linear exclude each other',
    );
    expect(complaint('--linear --marks some')).toContain('has to be problems or all, not some');
    expect(complaint('--marks all')).toContain('--marks is for --linear');
    expect(complaint('--linear --ask')).toContain('--ask is for the screen, not for --linear');
  });

  test.each(protocols)('has a hub of its own in $name where that is asked for', protocol => {
    expect(read(`--protocol ${protocol.name}`)).toMatchObject({address: undefined, protocol});
  });

  test('joins the hub it is told, under the name it is told', () => {
    expect(read('--server res302://chat.example:4711 --nick alice')).toMatchObject({
      face: 'screen',
      address: {host: 'chat.example', port: 4711, protocol: {name: 'res302'}},
      nick: 'alice',
    });
  });

  test.each(['--server=127.0.0.1 --nick=alice', '--nick alice --server 127.0.0.1'])(
    'does not mind how the options are written: %s',
    line => {
      expect(read(line)).toMatchObject({address: {host: '127.0.0.1'}, nick: 'alice'});
    },
  );

  test('does without a screen when asked to', () => {
    expect(read('--headless')).toMatchObject({face: 'headless', address: undefined});
    expect(read('--headless --server h --nick robot')).toMatchObject({
      face: 'headless',
      address: {host: 'h', port: 30_200},
      nick: 'robot',
    });
  });

  test('a nickname of digits stays a text', () => {
    expect(read('--nick 007')).toMatchObject({nick: '007'});
  });

  test.each(['chat.example', '127.0.0.1:30200', 'localhost', 'shen://h:1', 'chat-tui://h:30202'])(
    'takes %s for an address without --server',
    word => {
      expect(read(`${word} --nick alice`)).toEqual(read(`--server ${word} --nick alice`));
      expect(read(`--headless ${word}`)).toMatchObject({face: 'headless'});
    },
  );

  test('takes no other word for an address, and no two addresses', () => {
    expect(complaint('serv')).toContain('there is no command serv');
    expect(complaint('chat.example twice')).toContain('there is no command twice');
    expect(complaint('a.example --server b.example')).toContain(
      'two addresses, b.example and a.example',
    );
  });

  test('finds out the protocol unless it is named', () => {
    const isGuess = (line: string) => {
      const invocation = read(line);
      return 'address' in invocation && invocation.address?.isGuess;
    };
    expect(isGuess('h.example:4711')).toBe(true);
    expect(isGuess('shen://h.example:4711')).toBe(false);
    expect(isGuess('h.example:4711 --protocol shen')).toBe(false);
  });

  test('asks first who and where if it is told to, on the screen only', () => {
    expect(read('--ask')).toMatchObject({face: 'screen', isAsking: true});
    expect(complaint('--ask --headless')).toContain('--ask is for the screen');
  });

  test('prints where the settings are', () => {
    expect(read('--config')).toEqual({face: 'config-path'});
  });

  test('takes the protocol of an address that does not say it from --protocol', () => {
    expect(read('--protocol res302 --server h:4711')).toMatchObject({
      address: {protocol: {name: 'res302'}},
    });
  });
});

describe('the environment', () => {
  const environment = {CHAT_TUI_SERVER: 'res302://env.example', CHAT_TUI_NICK: 'envy'};

  test('says what the options do not', () => {
    expect(read('', environment)).toMatchObject({address: {host: 'env.example'}, nick: 'envy'});
    expect(read('--headless', environment)).toMatchObject({
      face: 'headless',
      address: {host: 'env.example'},
    });
  });

  test('stands behind the options, each for itself', () => {
    expect(read('--nick alice', environment)).toMatchObject({
      address: {host: 'env.example'},
      nick: 'alice',
    });
    expect(read('--server flag.example', environment)).toMatchObject({
      address: {host: 'flag.example'},
      nick: 'envy',
    });
  });

  test('that is set to nothing is not set', () => {
    expect(read('', {CHAT_TUI_SERVER: '', CHAT_TUI_NICK: ''})).toEqual(read(''));
  });

  test('is checked like an option', () => {
    expect(complaint('', {CHAT_TUI_SERVER: 'h:x'})).toContain('x is no port');
  });

  test('does not make a hub a client', () => {
    expect(read('serve', environment)).toMatchObject({face: 'serve'});
  });
});

describe('what is only printed', () => {
  test.each(['--help', '-h', 'help', '--help --server', '--nick alice -h'])('%s: help', line => {
    expect(read(line)).toEqual({face: 'print', text: helpFor(chat)});
  });

  test.each(['serve --help', 'serve -h', 'help serve', 'serve --port 1 -h'])(
    '%s: help about serve',
    line => {
      expect(read(line)).toEqual({face: 'print', text: helpFor(serve)});
    },
  );

  test.each(['pipe --help', 'pipe -h', 'help pipe', 'pipe bob -h'])('%s: help about pipe', line => {
    expect(read(line)).toEqual({face: 'print', text: helpFor(pipe)});
  });

  test.each(['completion --help', 'help completion'])('%s: help about completion', line => {
    expect(read(line)).toEqual({face: 'print', text: helpFor(completion)});
  });

  test.each(['--version', '-v'])('%s: the version, that of Node, and the protocols', line => {
    const names = protocols.map(({name}) => name).join(', ');
    const text = `chat-tui ${version} (Node ${process.versions.node}; ${names})\n`;
    expect(read(line)).toEqual({face: 'print', text});
  });

  test.each(subcommands)('help of "$name" has examples first, then every option', subcommand => {
    const help = helpFor(subcommand);
    expect(help).toMatch(/^Examples\n {2}.*chat-tui/);
    for (const key of Object.keys(subcommand.options)) expect(help).toContain(flagOf(key));
    expect(help).toMatch(/Exit codes: 0 /);
  });

  test('help fits a terminal of 120 columns', () => {
    const longest = Math.max(
      ...subcommands
        .map(helpFor)
        .join('')
        .split('\n')
        .map(({length}) => length),
    );
    expect(longest).toBeLessThanOrEqual(120);
  });
});

describe('a pipe', () => {
  const server = '--server cosp://h:4711';

  test('asks somebody, or waits for somebody who asks', () => {
    expect(read(`pipe bob ${server}`)).toMatchObject({
      face: 'pipe',
      address: {protocol: {name: 'cosp'}, host: 'h', port: 4711},
      nick: undefined,
      peer: 'bob',
      isAccepting: false,
    });
    expect(read(`pipe ${server} --accept alice --nick bob`)).toMatchObject({
      peer: 'alice',
      isAccepting: true,
      nick: 'bob',
    });
  });

  test('needs no protocol in the address, and may have it from the environment', () => {
    for (const host of ['h', 'h:30204', 'h:4711', '[::1]']) {
      expect(read(`pipe bob --server ${host}`)).toMatchObject({
        address: {protocol: {name: 'cosp'}},
      });
    }
    expect(read('pipe bob', {CHAT_TUI_SERVER: 'h', CHAT_TUI_NICK: 'envy'})).toMatchObject({
      face: 'pipe',
      address: {host: 'h'},
      nick: 'envy',
    });
  });

  test.each([
    ['pipe', 'with whom'],
    [`pipe ${server}`, 'with whom'],
    ['pipe bob', '--server is missing'],
    ['pipe bob --server res302://h', 'res302 has no private connections: cosp has'],
    ['pipe bob --server h:30200', 'res302 has no private connections'],
    [`pipe bob carl ${server}`, 'no command carl'],
    [`pipe bob --accept alice ${server}`, 'no command bob'],
    [`pipe --accept`, '--accept needs a value'],
    [`pipe bob --headless ${server}`, 'no option --headless'],
    [`pipe ${'b'.repeat(33)} ${server}`, 'cannot be a nickname'],
    ['pipe bob --server cosp://h:x', 'x is no port'],
  ])('%s: says what is wrong, and where help is', (line, what) => {
    expect(complaint(line)).toContain(what);
    expect(complaint(line)).toMatch(/^chat-tui: .*\(see chat-tui pipe --help\)$/);
  });
});

describe('a hub', () => {
  test('serves every protocol on its own port, on every address', () => {
    expect(read('serve')).toMatchObject({
      face: 'serve',
      host: '0.0.0.0',
      publicHost: undefined,
      isJson: false,
    });
    expect(portsOf('serve')).toEqual(protocols.map(({name, defaultPort}) => [name, defaultPort]));
  });

  test('takes all its options', () => {
    expect(read('serve --host 127.0.0.1 --port 4000 --public-host 192.0.2.7 --json')).toMatchObject(
      {host: '127.0.0.1', publicHost: '192.0.2.7', isJson: true},
    );
  });

  test('counts ports from the first, in the order of all protocols', () => {
    const expected = protocols.map(({name, defaultPort}) => [
      name,
      4000 + defaultPort - defaultProtocol.defaultPort,
    ]);
    expect(portsOf('serve --port 4000')).toEqual(expected);
  });

  test.each(protocols.map(({name, defaultPort}) => [name, defaultPort] as const))(
    'that serves %s alone has it on the same port as always',
    (name, defaultPort) => {
      expect(portsOf(`serve --protocols ${name}`)).toEqual([[name, defaultPort]]);
    },
  );

  test('port 0 is any free port for each', () => {
    expect(portsOf('serve --port 0')).toEqual(protocols.map(({name}) => [name, 0]));
  });

  test('the ports have to be there: five from the first', () => {
    expect(portsOf('serve --port 65531')[0]).toEqual(['res302', 65_531]);
    expect(portsOf('serve --port 1')[0]).toEqual(['res302', 1]);
    for (const port of ['65532', '65536', '99999', '100000', '-1', 'x', '1.5', '0x10', '1e3']) {
      expect(complaint(`serve --port ${port}`)).toMatch(/--port has to be .*\b0\b.* 65531,/);
    }
  });

  test('a protocol that is named twice is served once, and spaces do not matter', () => {
    const invocation = readCommandLine(['serve', '--protocols', 'res302, res302'], {});
    expect(invocation.face === 'serve' && invocation.ports.size).toBe(1);
  });

  test.each(['::1', '[::1]', 'localhost', '256.0.0.1', '1.2.3', '1.2.3.4.5', 'x'])(
    'is at no address like %s',
    host => {
      expect(complaint(`serve --host ${host}`)).toContain('--host has to be an IPv4 address');
      expect(complaint(`serve --public-host ${host}`)).toContain(
        '--public-host has to be an IPv4 address',
      );
    },
  );

  test.each(['host', 'port', 'protocols', 'public-host'])(
    '--%s without a value is not the default in silence',
    name => {
      expect(complaint(`serve --${name}`)).toContain(`--${name}`);
      expect(complaint(`serve --${name} --json`)).toContain(`--${name}`);
    },
  );
});

describe('what is wrong', () => {
  const cases: readonly (readonly [line: string, what: string])[] = [
    ['--nick', '--nick needs a value'],
    ['--nick --headless', '--nick needs a value'],
    ['--server', '--server needs a value'],
    ['--server=', '--server needs a value'],
    ['--protocol', '--protocol needs a value'],
    ['--server chat.example:0', '0 is no port'],
    ['--server chat.example:70000', '70000 is no port'],
    ['--server a/b', 'a/b is no address'],
    ['--server [::1]:30200', 'res302 reaches IPv4 addresses only: '],
    ['--server http://chat.example', 'http is no protocol'],
    ['--protocol gopher', 'gopher is no protocol'],
    ['--nick alice --nick bob', '--nick can only be set once'],
    ['--server h --server i', '--server can only be set once'],
    ['--bogus', 'there is no option --bogus'],
    ['--bogus=3', 'there is no option --bogus'],
    ['--long-bogus', 'there is no option --long-bogus'],
    ['-x', 'there is no option -x'],
    ['--json', 'there is no option --json'],
    ['--port 3', 'there is no option --port'],
    ['dance', 'there is no command dance'],
    ['--headless dance', 'there is no command dance'],
    ['-- dance', 'there is no command dance'],
    ['serve --bogus', 'there is no option --bogus'],
    ['serve --nick alice', 'there is no option --nick'],
    ['serve --headless', 'there is no option --headless'],
    ['serve dance', 'there is no command dance'],
    ['serve --port 1 --port 2', '--port can only be set once'],
    ['serve --protocols gopher', 'gopher is no protocol'],
    ['serve --protocols res302,', 'protocol'],
    ['serve --host x', '--host has to be an IPv4 address, not x'],
  ];

  test.each(cases)('%s: one line says so, and where help is', (line, what) => {
    const message = complaint(line);
    expect(message).toContain(what);
    expect(message).toMatch(/^chat-tui: \S[^\n]*$/);
    const help = line.startsWith('serve') ? 'chat-tui serve --help' : 'chat-tui --help';
    expect(message).toContain(`(see ${help})`);
  });
});

describe('chat-tui completion', () => {
  test.each(['bash', 'zsh', 'fish'])('for %s', shell => {
    expect(read(`completion ${shell}`)).toEqual({face: 'completion', shell});
  });

  test.each([
    ['completion', 'for which shell? bash, zsh, fish'],
    ['completion ksh', 'there is none for ksh: bash, zsh, fish'],
    ['completion bash zsh', 'there is no command zsh'],
    ['completion bash --nick a', 'there is no option --nick'],
  ])('%s: one line says what is wrong', (line, what) => {
    expect(complaint(line)).toContain(what);
  });
});

describe('one text, and one event', () => {
  const hub = '--server res302://chat.example';

  test('need a hub, and have 30 s', () => {
    expect(read(`say ${hub} --nick bot --to bob salut -- --all`)).toMatchObject({
      face: 'say',
      address: {host: 'chat.example'},
      nick: 'bot',
      to: 'bob',
      text: 'salut --all',
      timeoutMs: 30_000,
    });
    expect(read(`wait ${hub} --from bob --match ^a+$ --timeout 0.5`)).toMatchObject({
      face: 'wait',
      type: 'message',
      from: 'bob',
      pattern: /^a+$/u,
      timeoutMs: 500,
    });
    expect(complaint('say salut')).toContain('--server is missing');
    expect(complaint(`say ${hub}`)).toContain('a text is missing');
  });

  test('say what is wrong with the words they get', () => {
    expect(complaint(`wait ${hub} bob`)).toContain('there is no command bob (see chat-tui wait');
    expect(complaint(`wait ${hub} --match (`)).toContain('has to be a regular expression');
    expect(complaint(`wait ${hub} --for arrived --match a`)).toContain('arrived has no text');
    for (const timeout of ['soon', '-1', '1e9', '9999999']) {
      expect(complaint(`say ${hub} --timeout ${timeout} x`)).toContain('--timeout');
    }
  });
});
