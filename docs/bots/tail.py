#!/usr/bin/env python3
"""Says every new line of a file, as `tail -f` shows it.

    python3 tail.py /var/log/build.log --server chat.example --nick robot
"""

import json
import signal
import subprocess
import sys
import threading

file, *options = sys.argv[1:]
# SIGTERM ends it as Ctrl-C does.
signal.signal(signal.SIGTERM, signal.default_int_handler)
chat = subprocess.Popen(
    ["chat-tui", "--headless", "--wait", *options],
    stdin=subprocess.PIPE,
    stdout=subprocess.PIPE,
    encoding="utf-8",
)
connected = threading.Event()


def listen():
    """Reads every event: a program that does not read them makes its hub wait."""
    for line in chat.stdout:
        event = json.loads(line)
        kind = event["type"]
        if kind == "connected":
            connected.set()
        elif kind in ("failed", "error"):
            why = event.get("reason") or event["message"]
            print(f"line {event.get('tag')}: {why}", file=sys.stderr)
        elif kind == "slow-down":
            print(f"{event['pending']} lines wait for the hub", file=sys.stderr)
    # The program has ended: so do we.
    connected.set()
    tail.terminate()


# From here on, so that nothing is missed while we connect.
tail = subprocess.Popen(
    ["tail", "-n", "0", "-F", file], stdout=subprocess.PIPE, encoding="utf-8", errors="replace"
)
threading.Thread(target=listen).start()
try:
    connected.wait()
    for number, line in enumerate(tail.stdout, start=1):
        if line.strip():
            request = {"do": "say", "text": line.rstrip("\n"), "split": True, "tag": number}
            # Waits while the hub is slower than the file.
            chat.stdin.write(json.dumps(request) + "\n")
            chat.stdin.flush()
except (KeyboardInterrupt, BrokenPipeError):
    pass
finally:
    tail.terminate()
    # At the end of its input the program waits until the hub has confirmed all of it.
    try:
        chat.stdin.close()
    except BrokenPipeError:
        pass
sys.exit(chat.wait())
