/**
 * The throughput of a private connection of `cosp` through a hub in a process of its own, and the hub's memory meanwhile:
 *
 *     node bench/private-connection.ts [MEBIBYTES EACH WAY, 1024 by default]
 */
import {createHash, randomBytes} from 'node:crypto';
import process from 'node:process';
import {HubProcess} from '../test/protocols/cosp/hub-process.ts';
import {Carrier, RealUser, repeated} from '../test/protocols/cosp/real-user.ts';

const mebibyte = 1024 * 1024;
const mebibytes = Number(process.argv[2] ?? 1024);
const size = mebibytes * mebibyte;
const patienceMs = 10 * 60_000;

const hub = await HubProcess.start();
const [alice, bob] = (await RealUser.join(hub.port, 'alice', 'bob')) as [RealUser, RealUser];
const one = new Carrier();
const other = new Carrier();
alice.takeLink = one.take;
bob.takeLink = other.take;
await alice.link(bob);

const [there, back] = [randomBytes(mebibyte), randomBytes(mebibyte)];
const {rss: before} = await hub.memory();
const startedAt = performance.now();
one.write(repeated(there, size));
other.write(repeated(back, size));
await Promise.all([one, other].map(carrier => carrier.until(() => carrier.isClosed, patienceMs)));
const seconds = (performance.now() - startedAt) / 1000;
const {rss: after, highest} = await hub.memory();

const areEqual =
  other.digest === digestOf(repeated(there, size)) && one.digest === digestOf(repeated(back, size));
console.log(`${mebibytes} MiB each way in ${seconds.toFixed(1)} s`);
console.log(
  `${((2 * mebibytes) / seconds).toFixed(0)} MiB/s in all, digests of both ends included`,
);
console.log(`digests are ${areEqual ? 'equal' : 'NOT EQUAL'}`);
console.log(
  `resident memory of the hub: ${inMebibytes(before)} before, ${inMebibytes(highest)} at the most (+${inMebibytes(highest - before)}), ${inMebibytes(after)} after`,
);

await Promise.all([alice.leave(), bob.leave()]);
await hub.stop();
process.exitCode = areEqual ? 0 : 1;

function digestOf(chunks: Iterable<Uint8Array>): string {
  const hash = createHash('sha256');
  for (const chunk of chunks) hash.update(chunk);
  return hash.digest('hex');
}

function inMebibytes(bytes: number): string {
  return `${(bytes / mebibyte).toFixed(1)} MiB`;
}
