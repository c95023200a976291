/** A hub that speaks `cosp` in a process of its own, so that its memory can be watched. */
import {type ChildProcess, fork} from 'node:child_process';
import {once} from 'node:events';
import process from 'node:process';
import {serve} from '../../../source/hub/serve.ts';
import {silentLog} from '../../../source/hub/silent-log.ts';
import {cosp} from '../../../source/protocols/cosp/index.ts';

const host = '127.0.0.1';
const sampleMs = 20;

type Memory = {readonly rss: number; readonly highest: number};

export class HubProcess {
  readonly port: number;
  readonly #child: ChildProcess;

  static async start(): Promise<HubProcess> {
    const child = fork(import.meta.filename, [], {
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    const [port] = await once(child, 'message');
    return new HubProcess(child, port);
  }

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  /** In bytes, now and at the most. */
  async memory(): Promise<Memory> {
    const answer = once(this.#child, 'message');
    this.#child.send('memory');
    const [memory] = await answer;
    return memory;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exited;
  }
}

if (process.argv[1] === import.meta.filename) {
  const hub = await serve({listeners: [{protocol: cosp, host, port: 0}], log: silentLog});
  let highest = 0;
  const sample = () => {
    const {rss} = process.memoryUsage();
    highest = Math.max(highest, rss);
    return rss;
  };
  setInterval(sample, sampleMs);
  process.on('message', () => process.send?.({rss: sample(), highest}));
  process.on('disconnect', () => process.exit());
  process.send?.(hub.listeners[0]?.port);
}
