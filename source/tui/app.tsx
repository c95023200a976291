import {Box} from 'ink';
import {useMemo} from 'react';
import {withoutProtocol} from '../client/address.ts';
import {rowsWanted} from './composer/composer-rows.ts';
import {ComposerView} from './composer/composer-view.tsx';
import {typingOf} from './composer/typing.ts';
import {JourneyView} from './journey/journey-view.tsx';
import {journeyRowsIn} from './journey/open-journey.ts';
import {ConnectionForm} from './overlays/connection-form.tsx';
import {HelpView} from './overlays/help-view.tsx';
import {MentionListView} from './overlays/mention-list-view.tsx';
import {RoomListView} from './overlays/room-list-view.tsx';
import {ShareView} from './overlays/share-view.tsx';
import {SwitcherView} from './overlays/switcher-view.tsx';
import {DividerAcross} from './panes/dividers.tsx';
import {hintsOf, hintWords} from './panes/hints.ts';
import {invitationBar} from './panes/invitations.ts';
import {dividersOf, minimumSize, type ShownLayout} from './panes/layout.ts';
import {Panes} from './panes/panes.tsx';
import {StatusBar} from './panes/status-bar.tsx';
import type {Screen} from './screen.ts';
import {truncate} from './text/width.ts';
import {Words, widthOfWords} from './text/words.tsx';
import {Styled, ThemeProvider, useTheme} from './theme/styled.tsx';
import type {Theme} from './theme/theme.ts';
import {useSelection, useStore} from './use-store.ts';
import {
  connectingRows,
  feedbackRows,
  isCovered,
  isFormShown,
  layoutFor,
  type View,
} from './view.ts';

type Props = {
  readonly screen: Screen;
  readonly theme: Theme;
  /** How other people can join. */
  readonly notice?: string | undefined;
};

/** The whole screen, never taller than the terminal. */
export function App({screen, theme, notice}: Props) {
  return (
    <ThemeProvider value={theme}>
      <Everything screen={screen} notice={notice} />
    </ThemeProvider>
  );
}

/** At the right end of the bar, the most important first. */
const hints = ['F1 help', 'Alt-a next unread', 'Ctrl-G go to'];

function Everything({screen, notice}: Omit<Props, 'theme'>) {
  const {authors} = useTheme();
  const view = useStore(screen.view);
  const {state, size, focus} = view;
  const {columns, rows} = size;
  const wanted = useSelection(screen.composer, composer => rowsWanted(composer, state, columns));
  authors.follow(state);
  const layout = useMemo(() => layoutFor(view, wanted), [view, wanted]);

  if (layout.kind === 'too-small') {
    return (
      <Box width={columns} height={rows} overflow="hidden">
        <Styled wrap="truncate">
          {`chat-tui needs ${minimumSize.columns}×${minimumSize.rows}`}
        </Styled>
      </Box>
    );
  }
  const {composerRows, hasHints} = layout;
  const below = composerRows + (hasHints ? 1 : 0);
  const {journey} = view;
  const journeyRows = journeyRowsIn(size);
  const paneRows = rows - 1 - below - layout.feedbackRows - (layout.isFeedbackInTabs ? 1 : 0);
  return (
    <Box flexDirection="column" width={columns} height={rows} overflow="hidden">
      <StatusBar view={view} hints={notice === undefined ? hints : ['F1 help', notice]} />
      {isCovered(view) ? (
        <Covering screen={screen} view={view} />
      ) : (
        <>
          {layout.isFeedbackInTabs && <Feedback view={view} rows={1 + layout.feedbackRows} />}
          {(journey === undefined || journeyRows !== undefined) && (
            <Panes
              view={view}
              // The journey begins with a line of its own.
              layout={journey === undefined ? layout : {...layout, hasLowerDivider: false}}
              note={noteFor(view, notice)}
            />
          )}
          {journey !== undefined && (
            <JourneyView
              view={view}
              open={journey}
              size={{columns, rows: journeyRows ?? paneRows}}
              joints={journeyRows === undefined ? [] : dividersOf(layout)}
            />
          )}
          {journey !== undefined && journeyRows !== undefined && layout.hasLowerDivider && (
            <DividerAcross parts={[{columns, words: ''}]} joint="┴" />
          )}
          {!layout.isFeedbackInTabs && layout.feedbackRows > 0 && (
            <Feedback view={view} rows={layout.feedbackRows} />
          )}
          <ComposerView
            store={screen.composer}
            state={state}
            columns={columns}
            rows={composerRows}
            top={rows - below}
            isFocused={focus === 'composer'}
          />
          {hasHints && <HintLine screen={screen} view={view} layout={layout} />}
        </>
      )}
    </Box>
  );
}

/** What is shown in place of the panes and the composer: the topmost, if several are open. */
function Covering({screen, view}: {readonly screen: Screen; readonly view: View}) {
  const {state, size, help, form, overlay, now} = view;
  const below = {columns: size.columns, rows: size.rows - 1};
  if (help !== undefined) {
    return (
      <HelpView commands={screen.commands} features={state.features} help={help} size={size} />
    );
  }
  if (isFormShown(view)) {
    return (
      <ConnectionForm state={state} form={form} {...below} now={now} onChange={screen.changeForm} />
    );
  }
  switch (overlay?.kind) {
    case 'share':
      return <ShareView link={overlay.link} note={overlay.note} {...below} />;
    case 'rooms':
      return <RoomListView rooms={state.rooms} selected={overlay.selected} size={size} />;
    case 'switcher':
      return <SwitcherView view={view} switcher={overlay} />;
    case 'mentions':
      return <MentionListView view={view} list={overlay} />;
    case undefined:
      return null;
  }
}

/** What has become of the user's last line, or else an invitation that no pane shows. */
function Feedback({view, rows}: {readonly view: View; readonly rows: number}) {
  const {state, now, size} = view;
  const feedback = feedbackRows(view).slice(0, rows);
  const [invitation] = state.invitations;
  if (feedback.length > 0) {
    return (
      <Styled as="error" wrap="truncate">
        {feedback.map((row, index) => `${index === 0 ? '✗' : ' '} ${row}`).join('\n')}
      </Styled>
    );
  }
  const connecting = connectingRows(view).slice(0, rows);
  if (connecting.length > 0) {
    return (
      <Styled as="quiet" wrap="truncate">
        {connecting.map(row => ` ${row}`).join('\n')}
      </Styled>
    );
  }
  if (invitation === undefined) return null;
  const keys = size.columns < narrowColumns ? answerKeys.slice(0, 1) : answerKeys;
  const room = size.columns - widthOfWords(keys) - 2;
  const bar = ` ${truncate(invitationBar(invitation, state, now, room), room)} `;
  return <Words words={[{as: 'selection', text: bar}, ...keys]} />;
}

const answerKeys = [
  {as: 'accent', text: ' Alt-4'},
  {as: 'accent', text: ' a'},
  {as: 'quiet', text: ' yes '},
  {as: 'accent', text: 'd'},
  {as: 'quiet', text: ' no'},
] as const;

/** Narrower screens have no room for all of the keys. */
const narrowColumns = 60;

type HintLineProps = {
  readonly screen: Screen;
  readonly view: View;
  readonly layout: ShownLayout;
};

function HintLine({screen, view, layout}: HintLineProps) {
  const typing = useSelection(screen.composer, typingOf);
  return <Words words={hintWords(hintsOf(view, layout, typing), view.size.columns)} />;
}

/** What is said to a user who is alone, or waits for the hub's first word. */
function noteFor({state}: View, notice: string | undefined): string {
  const {connection, users, server, protocol} = state;
  const address = withoutProtocol(server);
  if (connection.phase === 'connecting') return `Asking ${address} in ${protocol}…`;
  if (connection.phase !== 'connected' || users.size !== 1) return '';
  const join = notice?.replace(/^to join: /, '') ?? `chat-tui ${server}`;
  return `Nobody else is here. Others join with ${join}; /share says more`;
}
