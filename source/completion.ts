/** Completion for shells, made from the table of subcommands and options. */
import {flagOf, type Option, type Shell, type Subcommand} from './options.ts';
import {protocols} from './protocols/index.ts';

/** The script that teaches a shell to complete the program. */
export function completionFor(shell: Shell, subcommands: readonly Subcommand[]): string {
  return writers[shell](subcommands);
}

const writers: Readonly<Record<Shell, (subcommands: readonly Subcommand[]) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

const protocolNames = protocols.map(({name}) => name);

/** Subcommands with a name are the first word, or there is none. */
function namesOf(subcommands: readonly Subcommand[]): readonly string[] {
  return subcommands.map(({name}) => name).filter(name => name !== '');
}

/** `-v`, `--version`. */
function flagsOf(key: string, {shortFlag}: Option): readonly string[] {
  return shortFlag === undefined ? [flagOf(key)] : [`-${shortFlag}`, flagOf(key)];
}

/** In single quotes, as bash and zsh read them. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/**
 * `=` breaks words where `COMP_WORDBREAKS` has it, so that `--nick=a` is three of them. The function must not rely on the
 * package bash-completion, which is not everywhere.
 */
function bashScript(subcommands: readonly Subcommand[]): string {
  const names = namesOf(subcommands);
  const values = subcommands.flatMap(({name, options}) =>
    Object.entries(options).flatMap(([key, option]) =>
      option.type === 'string'
        ? [`    ${name}:${flagOf(key)}) ${bashValue(option)}; return ;;`]
        : [],
    ),
  );
  const flags = subcommands.map(({name, options}) => {
    const words = Object.entries(options).flatMap(entry => flagsOf(...entry));
    return `      ${quoted(name)}) words=${quoted(words.join(' '))} ;;`;
  });
  const words = subcommands.map(
    ({name, words = name === '' ? names : []}) =>
      `      ${quoted(name)}) words=${quoted(words.join(' '))} ;;`,
  );
  return `# Completion for chat-tui. In ~/.bashrc: source <(chat-tui completion bash)
_chat_tui() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]}
  local command= first=1 words= before=
  COMPREPLY=()
  if [[ $current == = ]]; then
    current=
  elif [[ $previous == = ]]; then
    previous=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  if ((COMP_CWORD > 1)); then
    case \${COMP_WORDS[1]} in
      ${names.join('|')}) command=\${COMP_WORDS[1]} first=2 ;;
    esac
  fi
  case $command:$previous in
${values.join('\n')}
  esac
  if [[ $current == -* ]]; then
    case $command in
${flags.join('\n')}
    esac
  elif ((COMP_CWORD == first)); then
    case $command in
${words.join('\n')}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -F _chat_tui chat-tui
`;
}

function bashValue({takes}: Option): string {
  if (takes === undefined) return ':';
  switch (takes) {
    case 'address':
      return 'COMPREPLY=($(compgen -A hostname -- "$current"))';
    case 'file':
      return 'compopt -o default';
    case 'protocols':
      return (
        `[[ $current == *,* ]] && before=\${current%,*},; compopt -o nospace; ` +
        `COMPREPLY=($(compgen -P "$before" -W ${quoted(protocolNames.join(' '))} -- "\${current##*,}"))`
      );
    default:
      return `COMPREPLY=($(compgen -W ${quoted(takes.join(' '))} -- "$current"))`;
  }
}

/** The file can be sourced, or be found as `_chat-tui` in `$fpath`; then it is called at once. */
function zshScript(subcommands: readonly Subcommand[]): string {
  const names = namesOf(subcommands);
  const cases = subcommands.flatMap(subcommand =>
    subcommand.name === '' ? [] : [`      ${subcommand.name}) ${zshArguments(subcommand)} ;;`],
  );
  const described = subcommands.flatMap(({name, summary}) =>
    name === '' ? [] : [`    ${quoted(`${name}:${summary.replaceAll(':', String.raw`\:`)}`)}`],
  );
  const chat = subcommands.filter(({name}) => name === '').map(zshArguments);
  return `#compdef chat-tui
# Completion for chat-tui. In ~/.zshrc, behind compinit: source <(chat-tui completion zsh)
_chat-tui() {
  local curcontext=$curcontext
  if ((CURRENT > 2)) && [[ $words[2] == (${names.join('|')}) ]]; then
    local command=$words[2]
    shift words
    ((CURRENT--))
    case $command in
${cases.join('\n')}
    esac
    return
  fi
  ${chat.join('\n  ')}
}

_chat-tui-first() {
  local -a commands=(
${described.join('\n')}
  )
  # Behind an option there is no command any more.
  if ((CURRENT == 2)); then
    _alternative 'commands:command:(( \${(q)commands} ))' 'hosts:address:_hosts'
  else
    _hosts
  fi
}

if [[ $funcstack[1] == _chat-tui ]]; then
  _chat-tui "$@"
else
  compdef _chat-tui chat-tui
fi
`;
}

function zshArguments({name, options, words}: Subcommand): string {
  const specs = Object.entries(options).map(([key, option]) => {
    const flags = flagsOf(key, option);
    const text = `[${option.summary.replaceAll(/[[\]\\]/g, String.raw`\$&`)}]`;
    if (option.type === 'string') return quoted(`${flagOf(key)}=${text}:${zshValue(option)}`);
    if (flags.length === 1) return quoted(flagOf(key) + text);
    return `${quoted(`(${flags.join(' ')})`)}{${flags.join(',')}}${quoted(text)}`;
  });
  const first = words === undefined ? [] : [quoted(`1:${name}:(${words.join(' ')})`)];
  const rest = name === '' ? [quoted('1: :_chat-tui-first')] : first;
  return ['_arguments', ...specs, ...rest].join(' ');
}

/** The message and the action of an argument. */
function zshValue({value = '', takes}: Option): string {
  if (takes === undefined) return `${value}: `;
  switch (takes) {
    case 'address':
      return `${value}:_hosts`;
    case 'file':
      return `${value}:_files`;
    case 'protocols':
      return `${value}:_values -s , protocol ${protocolNames.join(' ')}`;
    default:
      return `${value}:(${takes.join(' ')})`;
  }
}

function fishScript(subcommands: readonly Subcommand[]): string {
  const names = namesOf(subcommands);
  const lines = subcommands.flatMap(({name, summary, options, words = []}) => [
    ...(name === ''
      ? []
      : [`complete -c chat-tui -n __chat_tui_is_first -a ${name} -d ${fishQuoted(summary)}`]),
    ...words.map(
      word => `complete -c chat-tui -n ${fishQuoted(`__chat_tui_is_at ${name}`)} -a ${word}`,
    ),
    ...Object.entries(options).map(([key, option]) => fishOption(name, key, option)),
  ]);
  return `# Completion for chat-tui: chat-tui completion fish > ~/.config/fish/completions/chat-tui.fish
function __chat_tui_is_first
  test (count (commandline -opc)) -eq 1
end

# Whether the argument of this command is being typed.
function __chat_tui_is_at
  set -l words (commandline -opc)
  test (count $words) -eq 2; and test "$words[2]" = "$argv[1]"
end

# Whether options belong to this command. Without an argument: to none.
function __chat_tui_in
  set -l words (commandline -opc)
  if test (count $words) -gt 1; and contains -- $words[2] ${names.join(' ')}
    test "$words[2]" = "$argv[1]"
  else
    test (count $argv) -eq 0
  end
end

complete -c chat-tui -f
${lines.join('\n')}
`;
}

function fishOption(command: string, key: string, option: Option): string {
  const {shortFlag, type, summary} = option;
  return [
    'complete -c chat-tui',
    `-n ${fishQuoted(`__chat_tui_in ${command}`.trimEnd())}`,
    ...(shortFlag === undefined ? [] : [`-s ${shortFlag}`]),
    `-l ${flagOf(key).slice(2)}`,
    ...(type === 'string' ? [fishValue(option)] : []),
    `-d ${fishQuoted(summary)}`,
  ].join(' ');
}

function fishValue({takes}: Option): string {
  if (takes === undefined) return '-x';
  switch (takes) {
    case 'address':
      return `-x -a '(__fish_print_hostnames)'`;
    case 'file':
      return '-r -F';
    case 'protocols':
      return `-x -a '(__fish_append , ${protocolNames.join(' ')})'`;
    default:
      return `-x -a ${fishQuoted(takes.join(' '))}`;
  }
}

/** In single quotes, in which fish knows two escapes. */
function fishQuoted(text: string): string {
  return `'${text.replaceAll(/['\\]/g, String.raw`\$&`)}'`;
}
