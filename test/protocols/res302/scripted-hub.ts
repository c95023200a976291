import {res302} from '../../../source/protocols/res302/index.ts';
import * as wire from '../../../source/protocols/res302/wire.ts';
import type {Endpoint} from '../../../source/transport/endpoint.ts';
import {hubEndpoint} from '../../network/world.ts';
import {DatagramScriptedHub} from '../datagrams/scripted-hub.ts';

/** Answers A, texts and requests with a confirmation, E with the lists. */
export class ScriptedHub extends DatagramScriptedHub<wire.Message> {
  /** Its lists of everybody and of the room. */
  everyone = 'alice: Pu&bob: Pu';
  room = 'alice: Pu&bob: Pu';

  constructor() {
    super(res302);
  }

  static connected(): ScriptedHub {
    return new ScriptedHub().connect();
  }

  send(
    type: wire.MessageType,
    fields: Partial<Omit<wire.Message, 'type'>> = {},
    from: Endpoint = hubEndpoint,
  ): void {
    this.sendBytes(wire.encode(wire.message(type, fields)), from);
  }

  text(sequence: number, nickname: string, text: string, type: 'C' | 'D' = 'C'): void {
    this.send(type, {sequence, nickname, data: wire.encodeText(text)});
  }

  /** What the client has sent since the last time, the requests for lists left out. */
  take(): wire.Message[] {
    return this.takeAll().filter(({type}) => type !== 'E');
  }

  protected override read(datagram: Uint8Array): wire.Message {
    const decoded = wire.decode(datagram);
    if (!decoded.ok) throw new Error(`the client has sent nonsense: ${decoded.reason}`);
    return decoded.message;
  }

  protected override respond({type, ack, flag, sequence}: wire.Message, from: Endpoint): void {
    if (ack || !this.isAnswering) return;
    const data = wire.encodeText(type !== 'E' ? '' : flag ? this.room : this.everyone);
    const answer = wire.encode(wire.message(type, {ack: true, flag, sequence, data}));
    this.network.sender(hubEndpoint)(answer, from);
  }
}
