import assert from 'node:assert/strict';
import {
  accessIn,
  accessOfRound,
  accessUntil,
  answerOf,
  type ShardAccess,
} from '../../../../src/core/launch/cluster/shardAccess';
import type { LaunchContext } from '../../../../src/core/launch/launchContext';
import type { Question, ShardConnection } from '../../../../src/core/launch/shardConnection';
import { RedisConnection } from '../../../../src/core/redis/redisConnection';
import { RedisFailure, RedisRefusal, UnexpectedReply } from '../../../../src/core/redis/redisFailure';

const connection = Object.create(RedisConnection.prototype) as RedisConnection;
const answers: ShardAccess = (_, question) => question(connection);
const never: ShardAccess = () => new Promise(() => undefined);
const hello = (): Promise<string> => Promise.resolve('hello');

describe('access to the shards of a cluster', () => {
  it('is over the connection that the launch holds, and takes at most a second', async () => {
    const limits: number[] = [];
    const held = {
      ask: (question: Question<string>, limit: number) => {
        limits.push(limit);
        return question(connection);
      },
    } as unknown as ShardConnection;
    const access = accessIn({ connections: new Map([['db_0', held]]) } as unknown as LaunchContext);
    assert.equal(await answerOf(access, 'db_0', hello), 'hello');
    assert.deepEqual(limits, [1000]);
    assert.equal(await answerOf(access, 'db_1', hello), undefined, 'which has never answered');
  });

  describe('until a signal is aborted', () => {
    it('passes answers on', async () => {
      assert.equal(
        await answerOf(accessUntil(new AbortController().signal, answers), 'db_0', hello),
        'hello',
      );
    });

    it('waits for no answer any more afterwards', async () => {
      const enough = new AbortController();
      const access = accessUntil(enough.signal, never);
      const waiting = [answerOf(access, 'db_0', hello), answerOf(access, 'db_1', hello)];
      enough.abort();
      assert.deepEqual(await Promise.all(waiting), [undefined, undefined]);
    });

    it('asks nothing any more afterwards', async () => {
      let asked = 0;
      const access = accessUntil(AbortSignal.abort(), (shard, question) => {
        asked += 1;
        return answers(shard, question);
      });
      assert.equal(await answerOf(access, 'db_0', hello), undefined);
      assert.equal(asked, 0);
    });
  });

  describe('in one round', () => {
    function counted(failure: Error): { readonly access: ShardAccess; readonly asked: string[] } {
      const asked: string[] = [];
      const access: ShardAccess = (shard, question) => {
        asked.push(shard);
        return shard === 'db_1' ? Promise.reject(failure) : answers(shard, question);
      };
      return { access, asked };
    }

    it('asks a shard that has not answered only once, and the others as often as is wanted', async () => {
      const { access, asked } = counted(new RedisFailure('no answer within 1 seconds'));
      const round = accessOfRound(access);
      for (const shard of ['db_0', 'db_1', 'db_0', 'db_1']) await answerOf(round, shard, hello);
      assert.deepEqual(asked, ['db_0', 'db_1', 'db_0']);
      await answerOf(accessOfRound(access), 'db_1', hello);
      assert.equal(asked.length, 4, 'the next round begins anew');
    });

    for (const refusal of [
      new RedisRefusal('ERR Slot 0 is already busy'),
      new UnexpectedReply('CLUSTER NODES gave a line "x"'),
    ]) {
      it(`takes a ${refusal.constructor.name} for an answer`, async () => {
        const { access, asked } = counted(refusal);
        const round = accessOfRound(access);
        for (const shard of ['db_1', 'db_1']) await answerOf(round, shard, hello);
        assert.equal(asked.length, 2);
      });
    }
  });
});
