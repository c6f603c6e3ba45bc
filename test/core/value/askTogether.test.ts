import assert from 'node:assert/strict';
import { RedisRefusal } from '../../../src/core/redis/redisFailure';
import type { Reply, Words } from '../../../src/core/redis/wire/reply';
import { askTogether, type Together } from '../../../src/core/value/askTogether';

describe('questions whose answers belong together', () => {
  const questions: readonly Words[] = [
    ['GETRANGE', 'k', '0', '9'],
    ['STRLEN', 'k'],
  ];
  const denied = new RedisRefusal('NOPERM');

  /** What came of them at a server that answers so, and the names of the commands that it was asked. */
  async function asked(
    answer: (name: string) => Reply,
  ): Promise<readonly [together: Together, commands: readonly string[]]> {
    const commands: string[] = [];
    const together = await askTogether(
      {
        ask: () => assert.fail('they were asked one by one'),
        askAll: (all) => {
          commands.push(...all.map(([name]) => name));
          return Promise.resolve(all.map(([name]) => answer(name)));
        },
      },
      questions,
    );
    return [together, commands];
  }

  it('are asked as one act, between which nobody comes', async () => {
    const [together, commands] = await asked((name) => (name === 'EXEC' ? ['value', 5] : 'QUEUED'));
    assert.deepEqual(together, { replies: ['value', 5], atOnce: true });
    assert.deepEqual(commands, ['MULTI', 'GETRANGE', 'STRLEN', 'EXEC']);
  });

  it('are asked once more, each by itself, where the user may have no acts', async () => {
    const [together, commands] = await asked((name) => (name === 'STRLEN' ? 5 : denied));
    assert.deepEqual(together, { replies: [denied, 5], atOnce: false });
    // What a key's slot on its way lets pass as an act alone, is to be led to the right shard one by one.
    assert.deepEqual(commands, ['MULTI', 'GETRANGE', 'STRLEN', 'EXEC', 'GETRANGE', 'STRLEN']);
  });

  it('are asked once more where one of them is denied, which spoils the act', async () => {
    let acts = 0;
    const [together, commands] = await asked((name) => {
      if (name === 'MULTI') acts += 1;
      if (name === 'GETRANGE') return denied;
      return name === 'EXEC' ? new RedisRefusal('EXECABORT') : 'QUEUED';
    });
    assert.deepEqual(together, { replies: [denied, 'QUEUED'], atOnce: false });
    assert.deepEqual(commands.slice(4), ['GETRANGE', 'STRLEN']);
    assert.equal(acts, 1);
  });
});
