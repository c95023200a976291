import {Box} from 'ink';
import type {ReactElement} from 'react';
import {selectedOf} from '../selection.ts';
import {truncate} from '../text/width.ts';
import {Words} from '../text/words.tsx';
import {Styled} from '../theme/styled.tsx';
import type {View} from '../view.ts';
import {invitationWords, leavingWords, openSent, timeLeft} from './invitations.ts';
import type {Size} from './layout.ts';
import {ListRow} from './list-row.tsx';

type Props = {readonly view: View; readonly size: Size};

/** Invitations that wait for an answer of the user, and those of the user that wait for one of others. */
export function InvitationPane({view, size}: Props) {
  const {state, focus, now} = view;
  const {invitations, people} = state;
  const names = invitations.map(({from}) => from);
  const selected = focus === 'invitations' ? selectedOf(names, view.selectedInvitation) : undefined;
  const leaving = leavingWords(state);
  const rows: ReactElement[] = [];
  let top = 0;
  for (const invitation of invitations) {
    const {from} = invitation;
    if (from === selected) top = rows.length;
    rows.push(
      <ListRow
        key={`from ${from}`}
        nick={from}
        label={people.labelOf(from)}
        detail={timeLeft(invitation, now)}
        columns={size.columns}
        isSelected={from === selected}
      />,
      <Detail
        key={`what ${from}`}
        as="quiet"
        text={invitationWords(invitation, state)}
        {...size}
      />,
    );
    if (leaving !== '') {
      rows.push(<Detail key={`left ${from}`} as="on-its-way" text={leaving} {...size} />);
    }
  }
  if (invitations.length > 0) rows.push(<Words key="keys" words={answerKeys} />);
  for (const sent of openSent(state, now)) {
    rows.push(
      <ListRow
        key={`to ${sent.to}`}
        nick={sent.to}
        label={`→ ${people.labelOf(sent.to)}`}
        detail={timeLeft(sent, now) || 'asked'}
        columns={size.columns}
        isSelected={false}
        isDimmed
      />,
    );
  }
  if (rows.length === 0) {
    rows.push(<Detail key="none" as="quiet" text="No invitations" {...size} />);
  }
  // The selected one is in view, with the keys that answer it if there is room for them.
  const start = Math.max(0, Math.min(top, rows.length - size.rows));
  return (
    <Box flexDirection="column" width={size.columns} height={size.rows} overflow="hidden">
      {rows.slice(start, start + size.rows)}
    </Box>
  );
}

const answerKeys = [
  {as: 'accent', text: '  a'},
  {as: 'quiet', text: ' yes  '},
  {as: 'accent', text: 'd'},
  {as: 'quiet', text: ' no'},
] as const;

type DetailProps = {
  readonly as: 'quiet' | 'on-its-way';
  readonly text: string;
  readonly columns: number;
};

function Detail({as, text, columns}: DetailProps) {
  return <Styled as={as} wrap="truncate">{`  ${truncate(text, columns - 3)}`}</Styled>;
}
