#!/usr/bin/env node
// Answers who asks it for the time, in public, in a room or alone: "robot, what time is it?"
//
//     node answer.mjs --server chat.example --nick robot

import {spawn} from 'node:child_process';
import process from 'node:process';
import {createInterface} from 'node:readline';

const chat = spawn('chat-tui', ['--headless', ...process.argv.slice(2)], {
  stdio: ['pipe', 'pipe', 'inherit'],
});

/** One line in. What comes of it has the same tag. */
function ask(request) {
  chat.stdin.write(`${JSON.stringify(request)}\n`);
}

function answer({id, from, scope}) {
  const words = `it is ${new Date().toTimeString().slice(0, 5)}`;
  // To one person alone what came to us alone, and to all what all have read.
  const place = scope === 'direct' ? {to: from} : {};
  ask({do: 'say', text: `${from}: ${words}`, tag: id, ...place});
}

createInterface({input: chat.stdout}).on('line', line => {
  const event = JSON.parse(line);
  switch (event.type) {
    case 'message':
      // An answer names somebody too, and has to be no question: two robots would talk for ever.
      if ((event.mention || event.scope === 'direct') && /\btime\b/i.test(event.text))
        answer(event);
      break;
    case 'invitation':
      ask({do: 'accept', nick: event.from});
      break;
    case 'failed':
    case 'error':
      process.stderr.write(`answer to message ${event.tag}: ${event.reason ?? event.message}\n`);
      break;
    default:
    // There will be more types: what one does not know, one passes over.
  }
});

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => chat.stdin.end());
chat.stdin.on('error', () => {});
chat.on('exit', code => process.exit(code ?? 1));
