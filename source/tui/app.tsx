import {Box} from 'ink';
import {useMemo} from 'react';
import {rowsWanted} from './composer/composer-rows.ts';
import {ComposerView} from './composer/composer-view.tsx';
import {JourneyView} from './journey/journey-view.tsx';
import {journeyRowsIn} from './journey/open-journey.ts';
import {ConnectionForm} from './overlays/connection-form.tsx';
import {HelpView} from './overlays/help-view.tsx';
import {MentionListView} from './overlays/mention-list-view.tsx';
import {RoomListView} from './overlays/room-list-view.tsx';
import {SwitcherView} from './overlays/switcher-view.tsx';
import {minimumSize} from './panes/layout.ts';
import {Panes} from './panes/panes.tsx';
import {StatusBar} from './panes/status-bar.tsx';
import type {Screen} from './screen.ts';
import {Styled, ThemeProvider, useTheme} from './theme/styled.tsx';
import type {Theme} from './theme/theme.ts';
import {unreadPlaces} from './unread.ts';
import {useSelection, useStore} from './use-store.ts';
import {feedbackRows, layoutFor} from './view.ts';

type Props = {
  readonly screen: Screen;
  readonly theme: Theme;
  /** How other people can join, for the status bar. */
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

function Everything({screen, notice}: Omit<Props, 'theme'>) {
  const {authors} = useTheme();
  const view = useStore(screen.view);
  const {state, size, help, roomList, switcher, mentionList, form, focus} = view;
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
  const {composerRows} = layout;
  const feedback = feedbackRows(view).slice(0, layout.feedbackRows);
  const {connection} = state;
  const hint = unreadPlaces(view) || (notice ?? 'F1 help, Ctrl-C quits');
  const {journey} = view;
  const journeyRows = journeyRowsIn(size);
  const paneRows = rows - 1 - composerRows - feedback.length;
  return (
    <Box flexDirection="column" width={columns} height={rows} overflow="hidden">
      <StatusBar state={state} columns={columns} hint={hint} />
      {help !== undefined ? (
        <HelpView commands={screen.commands} features={state.features} help={help} size={size} />
      ) : roomList !== undefined ? (
        <RoomListView rooms={state.rooms} selected={roomList.selected} size={size} />
      ) : switcher !== undefined ? (
        <SwitcherView view={view} switcher={switcher} />
      ) : mentionList !== undefined ? (
        <MentionListView view={view} list={mentionList} />
      ) : (
        <>
          {connection.phase === 'refused' ? (
            <ConnectionForm
              connection={connection}
              form={form}
              columns={columns}
              rows={paneRows}
              onChange={screen.changeForm}
              onSubmit={screen.submitForm}
            />
          ) : (
            (journey === undefined || journeyRows !== undefined) && (
              <Panes view={view} layout={layout} />
            )
          )}
          {journey !== undefined && connection.phase !== 'refused' && (
            <JourneyView
              view={view}
              open={journey}
              size={{columns, rows: journeyRows ?? paneRows}}
            />
          )}
          {feedback.length > 0 && (
            <Styled as="error" wrap="truncate">
              {feedback.map((row, index) => `${index === 0 ? '✗' : ' '} ${row}`).join('\n')}
            </Styled>
          )}
          <ComposerView
            store={screen.composer}
            state={state}
            columns={columns}
            rows={composerRows}
            top={rows - composerRows}
            isFocused={focus === 'composer' && connection.phase !== 'refused'}
          />
        </>
      )}
    </Box>
  );
}
