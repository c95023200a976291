import {afterEach, expect, test} from 'vitest';
import type {Endpoint} from '../../source/transport/endpoint.ts';
import {UdpSocket} from '../../source/transport/udp-socket.ts';

const loopback = {host: '127.0.0.1', port: 0};
const open: UdpSocket[] = [];

afterEach(() => Promise.all(open.splice(0).map(socket => socket.close())));

/** A socket, and the datagrams it gets, to be waited for one by one. */
async function bind(endpoint: Endpoint = loopback) {
  const arrived: {readonly bytes: number[]; readonly from: Endpoint}[] = [];
  let wake: () => void = () => {};
  const socket = await UdpSocket.bind(endpoint, (datagram, from) => {
    arrived.push({bytes: [...datagram], from});
    wake();
  });
  open.push(socket);
  const next = async () => {
    for (;;) {
      const datagram = arrived.shift();
      if (datagram !== undefined) return datagram;
      await new Promise<void>(resolve => {
        wake = resolve;
      });
    }
  };
  return {socket, next};
}

test('a datagram arrives whole, with the address that can be answered', async () => {
  const [one, other] = [await bind(), await bind()];
  one.socket.send(Uint8Array.of(1, 2, 3), other.socket.address);
  const question = await other.next();
  expect(question).toEqual({bytes: [1, 2, 3], from: one.socket.address});
  other.socket.send(Uint8Array.of(4), question.from);
  expect(await one.next()).toEqual({bytes: [4], from: other.socket.address});
});

test('the address tells which free port was taken', async () => {
  const {socket} = await bind();
  expect(socket.address.host).toBe('127.0.0.1');
  expect(socket.address.port).toBeGreaterThan(0);
});

test('a datagram without a byte arrives too', async () => {
  const [one, other] = [await bind(), await bind()];
  one.socket.send(new Uint8Array(0), other.socket.address);
  expect(await other.next()).toEqual({bytes: [], from: one.socket.address});
});

test('a port that is taken is refused with EADDRINUSE', async () => {
  const {socket} = await bind();
  await expect(bind(socket.address)).rejects.toMatchObject({code: 'EADDRINUSE'});
});

test('an address of another machine is refused with EADDRNOTAVAIL', async () => {
  await expect(bind({host: '192.0.2.1', port: 0})).rejects.toMatchObject({code: 'EADDRNOTAVAIL'});
});

test('what nobody listens to, or the kernel does not take, is lost, and the socket goes on', async () => {
  const [one, other, gone] = [await bind(), await bind(), await bind()];
  const nobody = gone.socket.address;
  await gone.socket.close();
  one.socket.send(Uint8Array.of(1), nobody);
  one.socket.send(new Uint8Array(70_000), other.socket.address);
  one.socket.send(Uint8Array.of(2), other.socket.address);
  expect((await other.next()).bytes).toEqual([2]);
  other.socket.send(Uint8Array.of(3), one.socket.address);
  expect((await one.next()).bytes).toEqual([3]);
});

test('a closed socket gives its port back, sends nothing and can be closed again', async () => {
  const [one, other] = [await bind(), await bind()];
  const {address} = one.socket;
  await one.socket.close();
  one.socket.send(Uint8Array.of(1), other.socket.address);
  await one.socket.close();
  const successor = await bind(address);
  successor.socket.send(Uint8Array.of(2), other.socket.address);
  expect((await other.next()).bytes).toEqual([2]);
});
