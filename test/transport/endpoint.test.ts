import fc from 'fast-check';
import {expect, test} from 'vitest';
import {endpointKey, isIPv4, parseIPv4, parsePort} from '../../source/transport/endpoint.ts';

test('endpoints have the same key if and only if host and port are the same', () => {
  const key = endpointKey({host: '192.0.2.1', port: 30_200});
  expect(endpointKey({host: '192.0.2.1', port: 30_200})).toBe(key);
  expect(endpointKey({host: '192.0.2.1', port: 30_201})).not.toBe(key);
  expect(endpointKey({host: '192.0.2.2', port: 30_200})).not.toBe(key);
});

test('four numbers up to 255 between dots are an IPv4 address', () => {
  fc.assert(
    fc.property(fc.ipV4(), text => {
      expect(isIPv4(text)).toBe(true);
    }),
  );
  expect(isIPv4('0.0.0.0')).toBe(true);
  expect(isIPv4('255.255.255.255')).toBe(true);
});

test.each([
  '',
  '1.2.3',
  '1.2.3.4.5',
  '256.0.0.1',
  '1.2.3.-4',
  '1.2.3.',
  '1.2.3.0004',
  '1.2.3.4 ',
  '1.2.3.0x1',
  '1.2.3.1e1',
  '::1',
  'localhost',
])('"%s" is no IPv4 address', text => {
  expect(isIPv4(text)).toBe(false);
});

test('an address is read as a socket writes it, without leading zeros', () => {
  expect(['01.02.03.004', '192.0.2.1', '000.0.00.255', '1.2.3.256', ''].map(parseIPv4)).toEqual([
    '1.2.3.4',
    '192.0.2.1',
    '0.0.0.255',
    undefined,
    undefined,
  ]);
});

test('ports from 1 to 65535 are read', () => {
  expect([1, 80, 30_200, 65_535].map(port => parsePort(`${port}`))).toEqual([
    1, 80, 30_200, 65_535,
  ]);
});

test.each([
  '',
  '0',
  '65536',
  '99999',
  '100000',
  '-1',
  '+1',
  ' 1',
  '1 ',
  '1.0',
  '1e3',
  '0x50',
  'http',
])('"%s" is no port', text => {
  expect(parsePort(text)).toBeUndefined();
});
