#!/bin/sh
# Stays in a named room, so that it is never closed, and opens it again if it is.
#
#     sh keep-room.sh tea --server messagerie://chat.example --nick host
#
# Every event begins with its type, so that a shell can tell them apart. Names and texts of others are left alone here: what
# comes from a network is nothing for a shell to take apart; jq does that.

set -eu
room=$1
shift

folder=$(mktemp -d)
mkfifo "$folder/in" "$folder/out"
# Open for both, so that neither side waits for the other to begin.
exec 3<>"$folder/in"
chat-tui --headless --wait "$@" <"$folder/in" >"$folder/out" 3>&- &
chat=$!
trap 'kill "$chat" 2>/dev/null; rm -r "$folder"' EXIT
trap 'exit 0' INT TERM HUP

say() {
  printf '%s\n' "$1" >&3
}

while IFS= read -r event; do
  case $event in
    '{"type":"room-left"'*'"reason":"disconnected"'*)
      # "connected" follows.
      ;;
    '{"type":"connected"'* | '{"type":"room-left"'*)
      say "/join $room"
      ;;
    '{"type":"error"'*'"code":"no-such-room"'*)
      say "/create $room"
      ;;
    '{"type":"error"'*'"code":"room-name-in-use"'*)
      # Somebody was faster.
      sleep 1
      say "/join $room"
      ;;
    '{"type":"room-entered"'*)
      echo "$room is open"
      ;;
    '{"type":"error"'*)
      printf '%s\n' "$event" >&2
      ;;
  esac
done <"$folder/out"
wait "$chat"
