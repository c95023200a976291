import {Box} from 'ink';
import TextInput from 'ink-text-input';
import {cleanText} from '../../client/clean-text.ts';
import type {State} from '../../client/state.ts';
import {windowAround} from '../panes/window-around.ts';
import {truncate, widthOf} from '../text/width.ts';
import {wrap} from '../text/wrap.ts';
import {Styled} from '../theme/styled.tsx';
import {hasHub} from '../view.ts';
import {chosenPlace, type Form, nicknameRule, type Place, placeWords} from './form.ts';

type Props = {
  readonly state: State;
  readonly form: Form;
  readonly columns: number;
  readonly rows: number;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly onChange: (change: Partial<Form>) => void;
};

/** Who, and where: the way into a hub, and the way out of a refusal. */
export function ConnectionForm({state, form, columns, rows, now, onChange}: Props) {
  const {connection} = state;
  const refused = connection.phase === 'refused' ? connection : undefined;
  const retryAt = refused?.retryAt;
  const labels = columns < narrowColumns ? shortLabels : longLabels;
  const problem = form.problem ?? refused?.message;
  const rule = nicknameRule(form);
  const room = columns - widthOf(labels.nick) - 2;
  const isRuleBelow = rule !== undefined && widthOf(labels.nick + rule) + 16 > columns;
  const parts = partsFor({
    rows,
    problem: problem === undefined ? [] : wrap(cleanText(problem), columns - 2),
    hints: [
      ...(refused?.offer === undefined ? [] : ['Enter joins the hub that answers there']),
      ...(retryAt === undefined ? [] : [`${attemptWords(retryAt, now)}. Typing here stops it`]),
    ],
    places: form.places.length,
    ruleBelow: isRuleBelow ? wrap(rule, room) : [],
  });
  return (
    <Box flexDirection="column" width={columns} height={rows} paddingX={1} overflow="hidden">
      {parts.hasAir && <Styled as="accent">{'chat-tui\n '}</Styled>}
      {parts.problem.map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two rows of a sentence can be the same.
        <Styled key={index} as="error" wrap="truncate">
          {row}
        </Styled>
      ))}
      {parts.hasAir && parts.problem.length > 0 && <Styled> </Styled>}
      <Box height={1} flexShrink={0}>
        <Label isFocused={form.field === 'nick'}>{labels.nick}</Label>
        <Field form={form} name="nick" onChange={onChange} />
        {rule !== undefined && !isRuleBelow && (
          <Styled as="quiet" wrap="truncate">{`  ${rule}`}</Styled>
        )}
      </Box>
      {parts.ruleBelow.map(row => (
        <Styled key={row} as="quiet" wrap="truncate">
          {' '.repeat(widthOf(labels.nick)) + row}
        </Styled>
      ))}
      {parts.hasAir && <Styled> </Styled>}
      {windowAround(form.places, form.place, parts.places).map((place, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the places do not move.
        <Box key={index} height={1} flexShrink={0}>
          <Label isFocused={form.field === 'server'}>
            {index === 0 ? labels.server : ' '.repeat(widthOf(labels.server))}
          </Label>
          <PlaceRow place={place} form={form} now={now} columns={room} onChange={onChange} />
        </Box>
      ))}
      {parts.hasAir && <Styled> </Styled>}
      {parts.hints.map(hint => (
        <Styled key={hint} as="quiet" wrap="truncate">
          {hint}
        </Styled>
      ))}
      {parts.hasKeys && (
        <Styled as="quiet" wrap="truncate">
          {keysFor(form, state, columns - 2)}
        </Styled>
      )}
    </Box>
  );
}

type PlaceProps = Pick<Props, 'form' | 'columns' | 'onChange'> & {
  readonly place: Place;
  readonly now: number;
};

function PlaceRow({place, form, now, columns, onChange}: PlaceProps) {
  const isChosen = place === chosenPlace(form);
  if (isChosen && place.kind === 'other') {
    return (
      <>
        <Styled as="accent">{'▸ '}</Styled>
        <Field form={form} name="server" onChange={onChange} />
      </>
    );
  }
  const words = truncate(`${isChosen ? '▸ ' : '  '}${placeWords(place, now)}`, columns);
  return (
    <Styled as={isChosen ? 'accent' : 'text'} wrap="truncate">
      {words}
    </Styled>
  );
}

type FieldProps = Pick<Props, 'form' | 'onChange'> & {readonly name: 'nick' | 'server'};

/** Of a text that is too long, the end is seen, where the cursor is. */
function Field({form, name, onChange}: FieldProps) {
  return (
    <Box height={1} flexDirection="column" justifyContent="flex-end" overflow="hidden">
      <TextInput
        key={form.revision}
        value={form[name]}
        focus={form.field === name}
        onChange={value => onChange({[name]: value})}
      />
    </Box>
  );
}

function Label({isFocused, children}: {readonly isFocused: boolean; readonly children: string}) {
  return (
    <Box flexShrink={0}>
      <Styled as={isFocused ? 'accent' : 'text'}>{children}</Styled>
    </Box>
  );
}

type Wanted = {
  readonly rows: number;
  readonly problem: readonly string[];
  readonly hints: readonly string[];
  readonly places: number;
  readonly ruleBelow: readonly string[];
};

/** What there is room for. The nickname and a place always are; the less important goes first. */
function partsFor({rows, problem, hints, places, ruleBelow}: Wanted) {
  let left = rows - 2;
  const take = (wanted: number) => {
    const taken = Math.max(0, Math.min(wanted, left));
    left -= taken;
    return taken;
  };
  const problemRows = take(Math.min(problem.length, Math.max(1, left - hints.length - 1)));
  const hintRows = take(hints.length);
  const hasKeys = take(1) === 1;
  const placeRows = 1 + take(places - 1);
  const ruleRows = take(ruleBelow.length);
  // Title, and a row of air above, between and below what is asked.
  const hasAir = left >= 5;
  return {
    problem: problem.slice(0, problemRows),
    hints: hints.slice(0, hintRows),
    hasKeys,
    places: placeRows,
    ruleBelow: ruleBelow.slice(0, ruleRows),
    hasAir,
  };
}

function keysFor(form: Form, state: State, columns: number): string {
  const isHub = chosenPlace(form).kind === 'hub';
  const keys = [
    isHub ? 'Enter joins it' : 'Enter goes there',
    ...(form.places.length > 1 ? ['↑ ↓ choose'] : []),
    'Tab next',
    ...(hasHub(state) ? ['Esc back'] : []),
    'Ctrl-C leaves',
  ];
  const fitting = keys.findLastIndex((_key, index) => {
    return widthOf(keys.slice(0, index + 1).join(' · ')) <= columns;
  });
  return keys.slice(0, Math.max(1, fitting + 1)).join(' · ');
}

function attemptWords(at: number, now: number): string {
  const seconds = Math.ceil((at - now) / 1000);
  return seconds > 0 ? `Trying again in ${seconds} s` : 'Trying again now';
}

const narrowColumns = 44;
const longLabels = {nick: 'Who are you?  ', server: 'Where?        '};
const shortLabels = {nick: 'Who   ', server: 'Where '};
