import assert from 'node:assert/strict';
import { EngineServer } from '../support/engineServer';
import { type RespClient } from '../support/respClient';

describe('a tensor', () => {
  let server: EngineServer;
  let client: RespClient;

  before(async () => {
    server = await EngineServer.start();
    client = await server.client();
  });
  after(() => server.stop());

  it('comes back as it was set', async () => {
    const data = new Uint8Array(Float32Array.of(1, 2, 3, 4, 5.5, -6).buffer);
    assert.equal(await client.send('AI.TENSORSET', 'a', 'FLOAT', 2, 3, 'BLOB', data), 'OK');
    assert.deepEqual(await client.send('AI.TENSORGET', 'a', 'BLOB'), data);
  });
});
