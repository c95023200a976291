import {Box, Text} from 'ink';
import TextInput from 'ink-text-input';
import type {ConnectionState} from '../../client/state.ts';
import {wrap} from '../text/wrap.ts';
import {accent} from '../theme.ts';
import {useSeconds} from '../use-store.ts';
import type {Form, FormField} from '../view.ts';

type Props = {
  readonly connection: ConnectionState & {phase: 'refused'};
  readonly form: Form;
  readonly columns: number;
  readonly rows: number;
  readonly onChange: (change: Partial<Form>) => void;
  readonly onSubmit: () => void;
};

/** The way out of a refusal: another nickname, or another hub. */
export function ConnectionForm({connection, form, columns, rows, onChange, onSubmit}: Props) {
  const {message, retryAt} = connection;
  const problem = wrap(form.problem ?? message, columns - 2);
  const now = useSeconds(retryAt !== undefined);
  return (
    <Box flexDirection="column" width={columns} height={rows} paddingX={1} overflow="hidden">
      {problem.map(row => (
        <Text key={row} color="red" wrap="truncate">
          {row}
        </Text>
      ))}
      {fields.map(({name, label}) => (
        <Box key={name} height={1}>
          <Text bold={form.field === name} {...(form.field === name && {color: accent})}>
            {form.field === name ? '▸ ' : '  '}
            {label}
          </Text>
          <TextInput
            value={form[name]}
            focus={form.field === name}
            onChange={value => onChange({[name]: value})}
            onSubmit={onSubmit}
          />
        </Box>
      ))}
      {retryAt !== undefined && (
        <Text dimColor wrap="truncate">
          {`${attemptWords(retryAt, now)}. Typing here stops it`}
        </Text>
      )}
      <Text dimColor wrap="truncate">
        Enter connects, Tab changes the field, Ctrl-C twice leaves
      </Text>
    </Box>
  );
}

function attemptWords(at: number, now: number): string {
  const seconds = Math.ceil((at - now) / 1000);
  return seconds > 0 ? `Trying again in ${seconds} s` : 'Trying again now';
}

const fields: ReadonlyArray<{readonly name: FormField; readonly label: string}> = [
  {name: 'nick', label: 'Nickname '},
  {name: 'server', label: 'Server   '},
];
