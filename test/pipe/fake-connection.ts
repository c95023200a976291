import type {LinkConnection} from '../../source/client/client.ts';

/** A private connection whose network is the test: it notes what is asked of it, and takes what it is told to. */
export class FakeConnection implements LinkConnection {
  readonly remote = {host: '127.0.0.1', port: 9};
  /** Everything that was asked of it, texts as they were written. */
  readonly calls: string[] = [];
  waiting = 0;

  write(bytes: Uint8Array): void {
    this.calls.push(Buffer.from(bytes).toString('latin1'));
  }

  end(): void {
    this.calls.push('(end)');
  }

  destroy(): void {
    this.calls.push('(destroy)');
  }

  pause(): void {
    this.calls.push('(pause)');
  }

  resume(): void {
    this.calls.push('(resume)');
  }
}
