import assert from 'node:assert/strict';
import { messageOf, remedyOf } from '../../../../src/core/base/problem';
import {
  addressText,
  parseAddress,
  type DatabaseAddress,
} from '../../../../src/core/database/discovery/databaseAddress';
import type { Endpoint } from '../../../../src/core/redis/wire/endpoint';
import { random } from '../../../support/random';

function server(host: string, port: number): Endpoint {
  return { kind: 'tcp', host, port };
}

function socket(path: string): Endpoint {
  return { kind: 'socket', path };
}

describe('an address', () => {
  const loopback = server('127.0.0.1', 6379);
  const forms: Readonly<Record<string, object>> = {
    login1: { endpoints: [server('login1', 6379)] },
    ' Login1.Site.org:7000 ': { endpoints: [server('login1.site.org', 7000)] },
    '127.0.0.1:6379': { endpoints: [loopback] },
    '[::1]:7000': { endpoints: [server('::1', 7000)] },
    '[FE80::1%Eth0]': { endpoints: [server('fe80::1%Eth0', 6379)] },
    '10.0.0.1:1,10.0.0.2:2,10.0.0.1:1': { endpoints: [server('10.0.0.1', 1), server('10.0.0.2', 2)] },
    'tcp://127.0.0.1:1,tcp://127.0.0.1:2': { endpoints: [server('127.0.0.1', 1), server('127.0.0.1', 2)] },
    'unix:///run/db.sock': { endpoints: [socket('/run/db.sock')] },
    '/run/a@b c.sock': { endpoints: [socket('/run/a@b c.sock')] },
    'unix://ada:pw@/run/db.sock': { endpoints: [socket('/run/db.sock')], user: 'ada', secret: 'pw' },
    'redis://127.0.0.1': { endpoints: [loopback] },
    'REDIS://127.0.0.1/0': { endpoints: [loopback] },
    'redis://ada@127.0.0.1:6379': { endpoints: [loopback], user: 'ada' },
    'redis://ada:p%40s:s@127.0.0.1/': { endpoints: [loopback], user: 'ada', secret: 'p@s:s' },
    'redis://:100%@127.0.0.1': { endpoints: [loopback], secret: '100%' },
    'redis://:p@/:?@127.0.0.1': { endpoints: [loopback], secret: 'p@/:?' },
    'ada:p%40@127.0.0.1': { endpoints: [loopback], user: 'ada', secret: 'p%40' },
    'rediss://login1:7': { endpoints: [{ ...server('login1', 7), tls: {} }] },
  };
  for (const [text, address] of Object.entries(forms)) {
    it(`is read: ${text}`, () => {
      const parsed = parseAddress(text);
      assert.ok(parsed.ok, JSON.stringify(parsed));
      assert.deepEqual(parsed.value, address);
    });
  }

  const bad: Readonly<Record<string, string>> = {
    '': 'address-empty',
    '   ': 'address-empty',
    'http://login1:80': 'address-scheme-unknown',
    '6379': 'address-host-malformed',
    '300.1.1.1:1': 'address-host-malformed',
    ':6379': 'address-host-malformed',
    'a b:6379': 'address-host-malformed',
    'login1:6379,': 'address-host-malformed',
    'redis://': 'address-host-malformed',
    '[::1:6379': 'address-host-malformed',
    '[::1]6379': 'address-host-malformed',
    '[login1]:1': 'address-host-malformed',
    '\u202elogin1:1': 'address-host-malformed',
    '-login1:1': 'address-host-malformed',
    'login1:0': 'address-port-malformed',
    'login1:65536': 'address-port-malformed',
    'login1:1e3': 'address-port-malformed',
    'login1:': 'address-port-malformed',
    'login1:1:2': 'address-port-malformed',
    '::1': 'address-without-brackets',
    'login1:1,::1:6379': 'address-without-brackets',
    'unix://run/db.sock': 'address-path-relative',
    'unix://': 'address-path-relative',
    [`/${'x'.repeat(120)}`]: 'address-path-too-long',
    '/run/a\0b': 'address-path-malformed',
    'login1:1,unix:///run/db.sock': 'address-socket-in-list',
    '/run/a.sock,/run/b.sock': 'address-socket-in-list',
    'redis://login1/3': 'address-database-number',
    'redis://login1?password=x': 'address-with-options',
    'redis://a da@login1': 'address-user-malformed',
    [Array.from({ length: 129 }, (_, port) => `h:${port + 1}`).join()]: 'address-too-many',
  };
  for (const [text, code] of Object.entries(bad)) {
    it(`is refused with reasons: ${text.slice(0, 40)}`, () => {
      const parsed = parseAddress(text);
      assert.deepEqual([parsed.ok, ...parsed.problems.map((one) => one.code)], [false, code]);
      for (const one of parsed.problems) assert.ok(!/[{}]/.test(messageOf(one) + String(remedyOf(one))));
    });
  }

  it('never shows what may be a password in the wrong place', () => {
    const secret = 'Zq7-secret';
    for (const text of [
      `redis://ada:${secret}`,
      `ada:${secret}`,
      `redis://:${secret}@`,
      `redis://ada:${secret}@bad host:1`,
      `redis://login1:6379/${secret}`,
      `redis://login1?password=${secret}`,
      `${secret}:x y@login1:1:1`,
      `http://ada:${secret}@login1`,
    ]) {
      const parsed = parseAddress(text);
      assert.ok(!parsed.ok, text);
      assert.ok(!JSON.stringify(parsed).includes(secret), `${text}: ${JSON.stringify(parsed)}`);
    }
  });

  it('is written as it is read, whatever it is, without its secret', () => {
    const next = random(11);
    const oneOf = <T>(values: readonly T[]): T => values[Math.floor(next() * values.length)]!;
    const hosts = ['login1', 'n_0.site.org', '10.1.2.3', '::1', 'fe80::1%eth0', 'localhost'];
    const users = [undefined, undefined, 'ada', 'a:d@a', 'é%41/x', 'a,b', '?#[]', '@'];
    for (let trial = 0; trial < 2000; trial += 1) {
      const tls = oneOf([{}, {}, { tls: {} }]);
      const servers = Array.from({ length: 1 + Math.floor(next() * 4) }, (_, index) => ({
        ...server(oneOf(hosts), index * 10_000 + Math.ceil(next() * 10_000)),
        ...tls,
      }));
      const user = oneOf(users);
      const address: DatabaseAddress = {
        endpoints: next() < 0.2 ? [socket(oneOf(['/run/db.sock', '/tmp/a@b:c d/é.sock']))] : servers,
        ...(user === undefined ? {} : { user }),
      };
      const text = addressText(address);
      const parsed = parseAddress(text);
      assert.ok(parsed.ok, text);
      assert.deepEqual(parsed.value, address, text);
      assert.equal(addressText({ ...parsed.value }), text);
    }
  });
});
