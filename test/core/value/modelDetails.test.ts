import assert from 'node:assert/strict';
import { utf8 } from '../../../src/core/base/bytes';
import { RedisRefusal } from '../../../src/core/redis/redisFailure';
import type { Reply } from '../../../src/core/redis/wire/reply';
import type { KeyDetails } from '../../../src/core/value/details/keyDetails';
import { detailsBy } from '../../../src/core/value/details/readDetails';
import { detailLines } from '../../../src/core/value/texts/detailLines';

/** As RedisAI 1.2.7 answers. */
const replies: Readonly<Record<string, Reply>> = {
  'TYPE model': 'AI__MODEL',
  'TYPE script': 'AI_SCRIPT',
  'TYPE json': 'ReJSON-RL\u202e',
  'AI.MODELGET model': [
    ...[utf8('backend'), utf8('TF'), utf8('device'), utf8('GPU:0'), utf8('tag'), utf8('v\u202e1')],
    ...[utf8('batchsize'), 32, utf8('minbatchsize'), 2, utf8('inputs'), [utf8('x'), utf8('y')]],
    ...[utf8('outputs'), [utf8('z')], utf8('minbatchtimeout'), 5],
  ],
  'AI.SCRIPTGET script': [
    ...[utf8('device'), utf8('CPU'), utf8('tag'), utf8(''), utf8('Entry Points'), [utf8('run')]],
  ],
};

async function detailsOf(key: string, others: Readonly<Record<string, Reply>> = {}): Promise<KeyDetails> {
  const [details] = await detailsBy(
    (questions) =>
      Promise.resolve(
        questions.map(({ words: [command, ...args] }) => {
          const [name = ''] = args;
          const asked = `${command} ${typeof name === 'string' ? name : Buffer.from(name).toString()}`;
          const known: Readonly<Record<string, Reply | undefined>> = { PTTL: -1, ...others };
          const reply = known[command] === undefined ? replies[asked] : known[command];
          return reply === undefined ? new RedisRefusal('ERR unknown command') : reply;
        }),
      ),
    [utf8(key)],
  );
  return details!;
}

describe('details of AI models', () => {
  it('are those that RedisAI tells', async () => {
    const { kind, model, missing } = await detailsOf('model');
    assert.deepEqual([kind, missing], ['mlModel', []]);
    assert.deepEqual(model, {
      ...{
        backend: 'TF',
        device: 'GPU:0',
        tag: 'v\u202e1',
        batchSize: 32,
        minBatchSize: 2,
        minBatchTimeout: 5,
      },
      ...{ inputs: ['x', 'y'], outputs: ['z'] },
    });
    assert.deepEqual(detailLines(await detailsOf('model')).slice(0, 4), [
      '# model',
      'backend: TF',
      'device: GPU:0',
      String.raw`tag: v\u{202e}1`,
    ]);
  });

  it('are those of a script', async () => {
    const { kind, model } = await detailsOf('script');
    assert.deepEqual([kind, model], ['script', { device: 'CPU', tag: '', entryPoints: ['run'] }]);
  });

  it('are missing where the server has no such command, and where it answers nonsense', async () => {
    const unknown = await detailsOf('model', {
      'AI.MODELGET': new RedisRefusal("ERR unknown command 'AI.MODELGET'"),
    });
    assert.deepEqual([unknown.kind, unknown.model], ['mlModel', undefined]);
    assert.match(unknown.refusal ?? '', /unknown command/);
    for (const nonsense of [null, 7, [], [utf8('backend')], [1, 2], [[], []], utf8('x'), 'OK'])
      assert.deepEqual((await detailsOf('model', { 'AI.MODELGET': nonsense })).model, {});
  });

  it('are none of a type that is not known, whose name is shown harmlessly', async () => {
    const details = await detailsOf('json');
    assert.equal(details.kind, 'module');
    assert.match(detailLines(details)[0]!, /^# ReJSON-RL\\u\{202e\}: values of this type are not known/);
  });

  it('of a tensor whose shape is nonsense are without bytes', async () => {
    for (const shape of [[2 ** 40, 2 ** 40], [utf8('2')], null, 3]) {
      const reply: Reply = [utf8('dtype'), utf8('FLOAT'), utf8('shape'), shape];
      const details = await detailsOf('t', { TYPE: 'AI_TENSOR', 'AI.TENSORGET': reply });
      assert.deepEqual([details.kind, details.bytes], ['tensor', undefined]);
    }
  });
});
