import assert from 'node:assert/strict';
import { acceptsWrite, addSlots, assignSlots } from '../../../src/core/redis/clusterAdmin';
import { RedisConnection, type RedisCommand } from '../../../src/core/redis/redisConnection';
import { RedisRefusal } from '../../../src/core/redis/redisFailure';
import { slotOf } from '../../support/slotOf';

/** A connection to a server that is this function; what it was asked is kept. */
function connectionTo(answer: (command: RedisCommand) => string | null): {
  readonly connection: RedisConnection;
  readonly asked: (readonly string[])[];
} {
  const asked: (readonly string[])[] = [];
  const connection = Object.create(RedisConnection.prototype) as RedisConnection;
  Reflect.set(connection, 'command', async (...command: RedisCommand) => {
    asked.push(command);
    return Promise.resolve(answer(command));
  });
  return { connection, asked };
}

function refuse(words: string): never {
  throw new RedisRefusal(words);
}

describe('addSlots', () => {
  it('gives ranges to servers that take them', async () => {
    const { connection, asked } = connectionTo(() => 'OK');
    await addSlots(connection, [
      [0, 5460],
      [7, 7],
    ]);
    assert.deepEqual(asked, [['CLUSTER', 'ADDSLOTSRANGE', '0', '5460', '7', '7']]);
  });

  for (const words of [
    "ERR Unknown subcommand or wrong number of arguments for 'ADDSLOTSRANGE'. Try CLUSTER HELP.",
    "ERR unknown subcommand 'ADDSLOTSRANGE'. Try CLUSTER HELP.",
  ])
    it(`gives single slots to a server that says ${words}`, async () => {
      const { connection, asked } = connectionTo(([, subcommand]) =>
        subcommand === 'ADDSLOTSRANGE' ? refuse(words) : 'OK',
      );
      await addSlots(connection, [
        [0, 2047],
        [5000, 5000],
      ]);
      const given = asked.slice(1);
      assert.ok(given.every(([, subcommand]) => subcommand === 'ADDSLOTS'));
      assert.equal(given.length, 3);
      assert.deepEqual(
        given.flatMap((command) => command.slice(2).map(Number)),
        [...Array.from({ length: 2048 }, (_, slot) => slot), 5000],
      );
    });

  it('passes any other refusal on', async () => {
    const { connection, asked } = connectionTo(() => refuse('ERR Slot 0 is already busy'));
    await assert.rejects(addSlots(connection, [[0, 1]]), /already busy/);
    assert.equal(asked.length, 1);
  });
});

describe('assignSlots', () => {
  const keeps = "ERR Can't assign hashslot 6 to a different node while I still hold keys for this hash slot.";

  it('tells which slots a server keeps for their keys', async () => {
    const { connection, asked } = connectionTo((command) => (command[2] === '6' ? refuse(keeps) : 'OK'));
    assert.deepEqual(await assignSlots(connection, [[5, 7]], 'abc'), [[6, 6]]);
    assert.deepEqual(
      asked,
      ['5', '6', '7'].map((slot) => ['CLUSTER', 'SETSLOT', slot, 'NODE', 'abc']),
    );
  });

  it('passes any other refusal on', async () => {
    const { connection } = connectionTo(() => refuse("ERR I don't know about node abc"));
    await assert.rejects(assignSlots(connection, [[5, 7]], 'abc'), /don't know/);
  });
});

describe('acceptsWrite', () => {
  it('writes a key that lies in the range, and removes it', async () => {
    const { connection, asked } = connectionTo(() => 'OK');
    assert.ok(await acceptsWrite(connection, [[16_000, 16_100]]));
    const [set, del] = asked;
    assert.deepEqual([set?.[0], del?.[0], del?.[1]], ['SET', 'DEL', set?.[1]]);
    const slot = slotOf(set?.[1] ?? '');
    assert.ok(slot >= 16_000 && slot <= 16_100);
  });

  it('leaves a key of that name as it is that somebody else has stored', async () => {
    const { connection, asked } = connectionTo(() => null);
    assert.ok(await acceptsWrite(connection, [[16_000, 16_100]]));
    assert.deepEqual(
      asked.map((words) => [words[0], words.includes('NX')]),
      [['SET', true]],
    );
  });

  it('is refused by a cluster that is down, and not by a memory that is used up', async () => {
    const said = (words: string): Promise<boolean> =>
      acceptsWrite(connectionTo(() => refuse(words)).connection, [[0, 16_383]]);
    assert.equal(await said('CLUSTERDOWN The cluster is down'), false);
    assert.equal(await said("OOM command not allowed when used memory > 'maxmemory'."), true);
  });
});
