import assert from 'node:assert/strict';
import { beforeRedis7, EngineServer } from '../support/engineServer';
import { type Argument, type Reply, type RespClient } from '../support/respClient';
import { byName, plain, untilTensors } from '../support/tensors';

const tooLong = 'ERR this takes too long for a transaction or a script: ask for less, or outside of it';

/** Commands that mean much work on tensors that the tests set. */
const long: readonly (readonly Argument[])[] = [
  ['TENSOR.STATISTICS', 'big', 'BINS', 100],
  ['TENSOR.SLICE', 'big', 0, 8192, 1, 0, 4096, 8],
  ['AI.TENSORGET', 'many', 'VALUES'],
  ['TENSOR.RANGE', 'texts', 3_999_999, 1],
];

describe('long work', () => {
  let server: EngineServer;
  let client: RespClient;
  let other: RespClient;

  beforeEach(async () => {
    server = await EngineServer.start();
    client = await server.client();
    other = await server.client();
    await client.send('AI.TENSORSET', 'big', 'INT8', 8192, 4096);
    await client.send('AI.TENSORSET', 'many', 'DOUBLE', 300_000);
    await client.send('AI.TENSORSET', 'texts', 'STRING', 4_000_000);
  });
  afterEach(() => server.stop());

  /** How often another client is answered before the command is. */
  async function servedMeanwhile(command: readonly Argument[]): Promise<{ reply: Reply; served: number }> {
    let reply: Reply | undefined;
    const done = client.send(...command).then((answer) => {
      reply = answer;
    });
    let served = 0;
    while (reply === undefined) {
      assert.equal(await other.send('PING'), 'PONG');
      served++;
    }
    await done;
    return { reply, served };
  }

  for (const command of long) {
    it(`lets others be served: ${String(command[0])}`, async () => {
      const before = await turns();
      const { reply, served } = await servedMeanwhile(command);
      assert.ok(Array.isArray(reply), String(plain(reply)));
      assert.ok(served > 1, String(served));
      // Each turn takes two milliseconds at most.
      const taken = (await turns()) - before;
      assert.ok(taken > 3, String(taken));
    });

    it(`is refused where nobody can wait: ${String(command[0])}`, async () => {
      await client.send('MULTI');
      await client.send(...command);
      assert.deepEqual(plain(await client.send('EXEC')), [tooLong]);
      const script = 'return redis.pcall(unpack(ARGV))';
      assert.equal(plain(await client.send('EVAL', script, 0, ...command)), tooLong);
    });
  }

  it('goes on with the tensor that it began with', async () => {
    const asked = client.send('TENSOR.STATISTICS', 'big');
    await other.send('PING');
    await other.send('AI.TENSORSET', 'big', 'INT8', 1, 'VALUES', 9);
    await other.send('FLUSHALL', 'ASYNC');
    const told = byName(await asked);
    assert.deepEqual([told.get('count'), told.get('max')], [8192 * 4096, 0]);
    await untilTensors(client, 0);
  });

  it('of many clients is done for each', async () => {
    const clients = await Promise.all(Array.from({ length: 10 }, () => server.client()));
    const replies = await Promise.all(clients.map((one, i) => one.send(...long[i % long.length]!)));
    assert.ok(
      replies.every(Array.isArray),
      JSON.stringify(replies.map((reply) => String(plain(reply)).slice(0, 80))),
    );
  });

  it('ends with its client', async () => {
    const leaving = await server.client();
    const asked = leaving.send('TENSOR.STATISTICS', 'big', 'BINS', 1000);
    for (let tries = 0; !(await infoOf(client)).includes('ai_clients_waiting_for_work:1'); tries++)
      assert.ok(tries < 500);
    leaving.close();
    await assert.rejects(asked);
    await client.send('FLUSHALL', 'ASYNC');
    await untilTensors(client, 0);
    assert.ok((await infoOf(client)).includes('ai_clients_waiting_for_work:0'));
  });

  it('gives a large tensor back in turns that was dropped meanwhile', async () => {
    await client.send('AI.TENSORSET', 'big', 'INT8', 256, 1024, 1024);
    const leaving = await server.client();
    const id = Number(await leaving.send('CLIENT', 'ID'));
    const asked = assert.rejects(leaving.send('TENSOR.STATISTICS', 'big'));
    for (let tries = 0; !(await infoOf(client)).includes('ai_clients_waiting_for_work:1'); tries++)
      assert.ok(tries < 500);
    await client.send('MULTI');
    await client.send('CLIENT', 'KILL', 'ID', id);
    // At once, not in the background: the work alone holds the tensor then.
    await client.send('DEL', 'big');
    await client.send('INFO', 'modules');
    const [killed, , info] = plain(await client.send('EXEC')) as [number, string, string];
    assert.equal(killed, 1);
    await asked;
    await untilTensors(client, 2);
    const taken = (await turns()) - turnsIn(info);
    assert.ok(taken >= 256 / 8, String(taken));
  });

  it('replies over RESP3 too, but on Redis 6.2 in the types of RESP2', async () => {
    await client.send('HELLO', 3);
    await client.send('AI.TENSORSET', 'big', 'FLOAT', 1000, 1000);
    const told = byName(await client.send('TENSOR.STATISTICS', 'big'));
    // There the server takes whoever waits for a module for a client of RESP2.
    const typed = (number: Reply | undefined) => (beforeRedis7 ? Number(plain(number ?? null)) : number);
    assert.deepEqual([typed(told.get('min')), typed(told.get('mean'))], [0, 0]);
    const values = (await client.send('AI.TENSORGET', 'big', 'VALUES')) as readonly Reply[];
    assert.equal(values.length, 1_000_000);
    assert.equal(typed(values[999_999]), 0);
  });

  const turnsIn = (info: string) => Number(/ai_turns_of_work:(\d+)/.exec(info)![1]);
  const turns = async () => turnsIn(await infoOf(other));
  const infoOf = async (asking: RespClient) => plain(await asking.send('INFO', 'modules')) as string;
});
