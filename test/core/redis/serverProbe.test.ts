import assert from 'node:assert/strict';
import { readAnswer } from '../../../src/core/redis/serverProbe';

const info = '# Server\r\nredis_version:7.0.15\r\nprocess_id:42\r\n';
const whole = `+PONG\r\n$${info.length}\r\n${info}\r\n`;

describe('readAnswer', () => {
  it('reads version and process of a server, however the bytes arrive', () => {
    const needed = whole.length - 2;
    for (let length = 0; length < needed; length++) {
      assert.equal(readAnswer(whole.slice(0, length)), undefined, `${length} bytes`);
    }
    assert.deepEqual(readAnswer(whole), { kind: 'answers', processId: 42, version: '7.0.15' });
  });

  it('tells the version of Valkey, not the one that it imitates', () => {
    const text = `valkey_version:8.0.1\r\n${info}`;
    const answer = readAnswer(`+PONG\r\n$${text.length}\r\n${text}\r\n`);
    assert.deepEqual(answer, { kind: 'answers', processId: 42, version: '8.0.1' });
  });

  for (const [what, received, reply] of [
    ['a password', '-NOAUTH Authentication required.\r\n', 'NOAUTH Authentication required.'],
    ['rights', '+PONG\r\n-NOPERM this user has no permissions\r\n', 'NOPERM this user has no permissions'],
    [
      'another protocol',
      'HTTP/1.1 400 Bad Request\r\n',
      'no answer of a database server: HTTP/1.1 400 Bad Request',
    ],
    ['a reply that is no text', '+PONG\r\n*1\r\n', 'no answer to INFO: *1'],
    ['a length out of reason', '+PONG\r\n$99999999999\r\n', 'no answer to INFO: $99999999999'],
    ['an INFO without a process', '+PONG\r\n$0\r\n\r\n', 'INFO did not tell process_id'],
  ] as const) {
    it(`takes ${what} as a refusal, with its words`, () => {
      assert.deepEqual(readAnswer(received), { kind: 'refuses', reply });
    });
  }
});
