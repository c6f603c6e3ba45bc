import assert from 'node:assert/strict';
import { UnexpectedReply } from '../../../src/core/redis/redisFailure';
import {
  keyCount,
  numberField,
  parseInfo,
  refusesWrites,
  textField,
} from '../../../src/core/redis/redisReplies';

describe('replies of INFO', () => {
  const fields = parseInfo('# Server\r\nredis_version:7.0.15\r\nprocess_id:12\r\nconfig_file:/a:b\r\n\r\n');

  it('are read field by field', () => {
    assert.equal(textField(fields, 'redis_version'), '7.0.15');
    assert.equal(numberField(fields, 'process_id'), 12);
    assert.equal(textField(fields, 'config_file'), '/a:b');
  });

  it('are refused when they are not what was asked for', () => {
    assert.throws(() => parseInfo(7), UnexpectedReply);
    assert.throws(() => textField(fields, 'absent'), UnexpectedReply);
    assert.throws(() => numberField(fields, 'redis_version'), UnexpectedReply);
  });

  it('count the keys of all databases', () => {
    const info = '# Keyspace\r\ndb0:keys=3,expires=0,avg_ttl=0\r\ndb11:keys=40,expires=1,avg_ttl=5\r\n';
    assert.equal(keyCount(parseInfo(info)), 43);
    assert.equal(keyCount(parseInfo('# Keyspace\r\n')), 0);
  });

  it('tell a server that refuses writes, as the server itself decides', () => {
    const memory = (used: number, limit: number, policy: string, more = ''): boolean =>
      refusesWrites(
        parseInfo(
          `# Memory\r\nused_memory:${used}\r\nmaxmemory:${limit}\r\nmaxmemory_policy:${policy}\r\n${more}`,
        ),
      );
    assert.equal(memory(11, 10, 'noeviction'), true);
    assert.equal(memory(10, 10, 'noeviction'), false);
    assert.equal(memory(11, 0, 'noeviction'), false);
    assert.equal(memory(11, 10, 'allkeys-lru'), false);
    assert.equal(memory(11, 10, 'noeviction', 'mem_not_counted_for_evict:1\r\n'), false);
    assert.equal(refusesWrites(parseInfo('# Memory\r\nused_memory:5\r\n')), false);
  });
});
