import {Box} from 'ink';
import TextInput from 'ink-text-input';
import type {ConnectionState} from '../../client/state.ts';
import {wrap} from '../text/wrap.ts';
import {Styled} from '../theme/styled.tsx';
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
        <Styled key={row} as="error" wrap="truncate">
          {row}
        </Styled>
      ))}
      {fields.map(({name, label}) => (
        <Box key={name} height={1}>
          <Styled as={form.field === name ? 'accent' : 'text'}>
            {form.field === name ? '▸ ' : '  '}
            {label}
          </Styled>
          <TextInput
            value={form[name]}
            focus={form.field === name}
            onChange={value => onChange({[name]: value})}
            onSubmit={onSubmit}
          />
        </Box>
      ))}
      {retryAt !== undefined && (
        <Styled as="quiet" wrap="truncate">
          {`${attemptWords(retryAt, now)}. Typing here stops it`}
        </Styled>
      )}
      <Styled as="quiet" wrap="truncate">
        Enter connects, Tab changes the field, Ctrl-C twice leaves
      </Styled>
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
