import assert from 'node:assert/strict';
import { beforeRedis7, EngineServer } from '../support/engineServer';
import { type Argument, type RespClient } from '../support/respClient';
import { bytesOf, plain } from '../support/tensors';

const invalidShape = 'ERR invalid or negative value found in tensor shape';
const wrongLength = 'ERR data length does not match tensor shape and type';
const wrongCount = "ERR wrong number of values was given in 'AI.TENSORSET' command";
const oneBlob = "ERR a single binary string should come after the BLOB argument in 'AI.TENSORSET' command";
const wrongStrings = 'ERR Number of string elements in data blob does not match tensor length';
const wrongType = 'WRONGTYPE Operation against a key holding the wrong kind of value';
const missing = 'ERR tensor key is empty or in a different shard';
const invalidSlice = 'ERR invalid slice: of each dimension 0 <= start < stop <= length, and 1 <= step';
const invalidRange = 'ERR invalid range: 0 <= start, 1 <= count, and start + count <= elements of the tensor';
const badBins = 'ERR BINS takes a number from 1 to 1024';

/** The server's own words: Redis 6.2 names the command as it was sent, later ones as it is called. */
const wrongArity = (sent: string) =>
  `ERR wrong number of arguments for '${beforeRedis7 ? sent : sent.toLowerCase()}' command`;

const float = bytesOf(Float32Array.of(1));
const many = (count: number): number[] => Array.from({ length: count }, () => 1);

/** What is sent and the server's whole answer; `t` is a tensor of 2 x 3 FLOAT, `s` a string, `strings` a tensor of strings. */
const refused: readonly [args: readonly Argument[], answer: string][] = [
  [['AI.TENSORSET', 't', 'FLOAT'], wrongArity('AI.TENSORSET')],
  [['AI.TENSORSET', 't', 'FLOAT16', 1, 'VALUES', 1], 'ERR invalid data type'],
  [['AI.TENSORSET', 't', 'FLOAT\0', 1], 'ERR invalid data type'],
  [['AI.TENSORSET', 't', 'UINT32', 1], 'ERR invalid data type'],
  [['AI.TENSORSET', 't', 'FLOAT', 0], invalidShape],
  [['AI.TENSORSET', 't', 'FLOAT', -1], invalidShape],
  [['AI.TENSORSET', 't', 'FLOAT', '1.5'], invalidShape],
  [['AI.TENSORSET', 't', 'FLOAT', 'BLOBS'], invalidShape],
  [['AI.TENSORSET', 't', 'FLOAT', 2, ''], invalidShape],
  [['AI.TENSORSET', 't', 'FLOAT', '99999999999999999999'], invalidShape],
  [['AI.TENSORSET', 't', 'FLOAT', 1, 'BLOB'], oneBlob],
  [['AI.TENSORSET', 't', 'FLOAT', 1, 'BLOB', float, float], oneBlob],
  [['AI.TENSORSET', 't', 'FLOAT', 2, 'BLOB', float], wrongLength],
  [['AI.TENSORSET', 't', 'DOUBLE', 1, 'BLOB', float], wrongLength],
  [['AI.TENSORSET', 't', 'FLOAT', 1, 'BLOB', ''], wrongLength],
  [['AI.TENSORSET', 't', 'INT8', '4611686018427387904', 4, 'BLOB', ''], wrongLength],
  [['AI.TENSORSET', 't', 'INT8', '4294967296', '4294967296', 'BLOB', ''], wrongLength],
  [['AI.TENSORSET', 't', 'FLOAT', 2, 'VALUES', 1], wrongCount],
  [['AI.TENSORSET', 't', 'FLOAT', 1, 'VALUES'], wrongCount],
  [['AI.TENSORSET', 't', 'FLOAT', '9223372036854775807', 2, 'VALUES', 1], wrongCount],
  [['AI.TENSORSET', 't', 'INT64', '9223372036854775807', 2], 'ERR the tensor shape is too large'],
  [
    ['AI.TENSORSET', 't', 'DOUBLE', 1000, 1000, 1000, 1000],
    "ERR the tensor is larger than the server's proto-max-bulk-len",
  ],
  [['AI.TENSORSET', 't', 'FLOAT', ...many(65), 'VALUES', 1], 'ERR a tensor has at most 64 dimensions'],
  [['AI.TENSORSET', 't', 'FLOAT', ...many(5000)], 'ERR a tensor has at most 64 dimensions'],
  [['AI.TENSORSET', 't', 'INT8', 1, 'VALUES', 128], 'ERR invalid value'],
  [['AI.TENSORSET', 't', 'INT8', 1, 'VALUES', -129], 'ERR invalid value'],
  [['AI.TENSORSET', 't', 'UINT8', 1, 'VALUES', 256], 'ERR invalid value'],
  [['AI.TENSORSET', 't', 'UINT8', 1, 'VALUES', -1], 'ERR invalid value'],
  [['AI.TENSORSET', 't', 'UINT16', 1, 'VALUES', 65536], 'ERR invalid value'],
  [['AI.TENSORSET', 't', 'INT32', 1, 'VALUES', 2147483648], 'ERR invalid value'],
  [['AI.TENSORSET', 't', 'INT64', 1, 'VALUES', '9223372036854775808'], 'ERR invalid value'],
  [['AI.TENSORSET', 't', 'BOOL', 1, 'VALUES', 2], 'ERR invalid value'],
  [['AI.TENSORSET', 't', 'INT32', 1, 'VALUES', '1.0'], 'ERR invalid value'],
  [['AI.TENSORSET', 't', 'FLOAT', 1, 'VALUES', 'one'], 'ERR invalid value'],
  [['AI.TENSORSET', 't', 'FLOAT', 2, 'VALUES', 1, ''], 'ERR invalid value'],
  [
    ['AI.TENSORSET', 't', 'BOOL', 3, 'BLOB', Uint8Array.of(0, 1, 2)],
    'ERR BOOL tensor elements must be 0 or 1',
  ],
  [
    ['AI.TENSORSET', 't', 'BOOL', 200, 'BLOB', new Uint8Array(200).fill(2, 70, 71)],
    'ERR BOOL tensor elements must be 0 or 1',
  ],
  [['AI.TENSORSET', 't', 'STRING', 2, 'BLOB', 'one\0'], wrongStrings],
  [['AI.TENSORSET', 't', 'STRING', 1, 'BLOB', 'one\0two\0'], wrongStrings],
  [['AI.TENSORSET', 't', 'STRING', 2, 'BLOB', 'one\0two'], wrongStrings],
  [['AI.TENSORSET', 't', 'STRING', 1, 'BLOB', ''], wrongStrings],
  [['AI.TENSORSET', 't', 'STRING', 1, 'VALUES', 'a\0b'], 'ERR C-string value contains null character'],
  [['AI.TENSORSET', 's', 'FLOAT', 1, 'VALUES', 1], wrongType],
  [['AI.TENSORGET'], wrongArity('AI.TENSORGET')],
  [['AI.TENSORGET', 't', 'META', 'BLOB', 'META'], wrongArity('AI.TENSORGET')],
  [['AI.TENSORGET', 't', 'TEXT'], 'ERR unsupported data format'],
  [['AI.TENSORGET', 't', 'BLOB', 'VALUES'], 'ERR both BLOB and VALUES specified'],
  [['AI.TENSORGET', 'nothing'], missing],
  [['AI.TENSORGET', 's'], wrongType],
  [['TENSOR.VERSION', 'nothing'], missing],
  [['TENSOR.VERSION', 's'], wrongType],
  [['TENSOR.SLICE', 'nothing'], missing],
  [['TENSOR.SLICE', 's'], wrongType],
  [['TENSOR.SLICE', 't', 0, 1, 1], 'ERR a slice needs start, stop and step of each dimension of the tensor'],
  [
    ['TENSOR.SLICE', 't', 0, 1, 1, 0, 1],
    'ERR a slice needs start, stop and step of each dimension of the tensor',
  ],
  [['TENSOR.SLICE', 't', 0, 1, 1, 0, 4, 1], invalidSlice],
  [['TENSOR.SLICE', 't', -1, 1, 1, 0, 3, 1], invalidSlice],
  [['TENSOR.SLICE', 't', 1, 1, 1, 0, 3, 1], invalidSlice],
  [['TENSOR.SLICE', 't', 0, 2, 0, 0, 3, 1], invalidSlice],
  [['TENSOR.SLICE', 't', 0, 2, -1, 0, 3, 1], invalidSlice],
  [['TENSOR.SLICE', 't', 0, 2, 1, 0, 'x', 1], invalidSlice],
  [['TENSOR.RANGE', 't', 0], wrongArity('TENSOR.RANGE')],
  [['TENSOR.RANGE', 't', -1, 1], invalidRange],
  [['TENSOR.RANGE', 't', 6, 1], invalidRange],
  [['TENSOR.RANGE', 't', 0, 0], invalidRange],
  [['TENSOR.RANGE', 't', 5, 2], invalidRange],
  [['TENSOR.RANGE', 't', '9223372036854775807', '9223372036854775807'], invalidRange],
  [['TENSOR.STATISTICS', 't', 'BINS'], wrongArity('TENSOR.STATISTICS')],
  [['TENSOR.STATISTICS', 't', 'BOXES', 3], 'ERR syntax error'],
  [['TENSOR.STATISTICS', 't', 'BINS', 0], badBins],
  [['TENSOR.STATISTICS', 't', 'BINS', 1025], badBins],
  [['TENSOR.STATISTICS', 'strings'], 'ERR a STRING tensor has no statistics'],
  [['TENSOR.STATISTICS', 's'], wrongType],
  [['AI.INFO', 't'], 'ERR cannot find run info for key'],
  [['AI.INFO', 'nothing', 'RESETSTAT'], 'ERR cannot find run info for key'],
  [['AI.CONFIG'], wrongArity('AI.CONFIG')],
  [['AI.CONFIG', 'SET', 'x', 1], 'ERR unsupported subcommand'],
  [['AI.CONFIG', 'GET'], 'ERR GET: missing config name'],
  [['AI.CONFIG', 'LOADBACKEND', 'TORCH'], wrongArity('AI.CONFIG')],
  [['AI.CONFIG', 'LOADBACKEND', 'TORCH', '/nowhere.so'], 'ERR error loading backend'],
  [['AI.CONFIG', 'LOADBACKEND', 'OTHER', '/nowhere.so'], 'ERR unsupported backend'],
  [['AI.CONFIG', 'BACKENDSPATH'], 'ERR BACKENDSPATH: missing path argument'],
  [['AI.CONFIG', 'MODEL_CHUNK_SIZE'], 'ERR MODEL_CHUNK_SIZE: missing chunk size'],
  [['AI.CONFIG', 'MODEL_CHUNK_SIZE', 'x'], 'ERR MODEL_CHUNK_SIZE: invalid chunk size'],
  [['AI.CONFIG', 'MODEL_CHUNK_SIZE', 0], 'ERR MODEL_CHUNK_SIZE: invalid chunk size'],
];

describe('what the engine refuses', () => {
  let server: EngineServer;
  let client: RespClient;

  before(async () => {
    server = await EngineServer.start();
    client = await server.client();
    await client.send('AI.TENSORSET', 't', 'FLOAT', 2, 3, 'VALUES', 1, 2, 3, 4, 5, 6);
    await client.send('AI.TENSORSET', 'strings', 'STRING', 1, 'VALUES', 'a');
    await client.send('SET', 's', 'text');
  });
  after(() => server.stop());

  for (const [args, answer] of refused) {
    const shown = args.map((part) => (part instanceof Uint8Array ? `<${part.length} bytes>` : String(part)));
    it(`${shown.join(' ').slice(0, 100).replaceAll('\0', '\\0')}: ${answer}`, async () => {
      assert.equal(plain(await client.send(...args)), answer);
    });
  }

  it('leaves the old tensor where it was', async () => {
    assert.deepEqual(plain(await client.send('AI.TENSORGET', 't', 'VALUES')), ['1', '2', '3', '4', '5', '6']);
    assert.equal(plain(await client.send('GET', 's')), 'text');
  });
});
