import assert from 'node:assert/strict';
import net from 'node:net';
import { loadFrames, loadOrchestratorLink } from './quickstartModules';

describe('quickstart: orchestrator link', () => {
  it('reads every form of SSDB', async () => {
    const { parseAddresses } = await loadOrchestratorLink();
    assert.deepEqual(parseAddresses('127.0.0.1:6379,tcp://node-2:6380'), [
      { host: '127.0.0.1', port: 6379 },
      { host: 'node-2', port: 6380 },
    ]);
    assert.deepEqual(parseAddresses('unix:///run/db.sock'), [{ path: '/run/db.sock' }]);
  });

  it('says what is wrong with an SSDB that it cannot use', async () => {
    const { parseAddresses } = await loadOrchestratorLink();
    assert.throws(() => parseAddresses(undefined), /SSDB is not set/);
    for (const wrong of ['localhost', 'a:0', 'a:65536', 'a:b', '127.0.0.1:1,'])
      assert.throws(() => parseAddresses(wrong), /no address of the form host:port/, wrong);
  });

  it('refuses a cluster with the remedy', async () => {
    const { connectOrchestrator } = await loadOrchestratorLink();
    await assert.rejects(connectOrchestrator({ SSDB: '127.0.0.1:1,127.0.0.1:2' }), /Set db_nodes to 1/);
  });

  it('reads replies however they are cut', async () => {
    const { readReply } = await loadOrchestratorLink();
    const whole = Buffer.from('*5\r\n+OK\r\n:-3\r\n$4\r\na\r\nb\r\n$-1\r\n*1\r\n$0\r\n\r\n');
    for (let length = 0; length < whole.length; length++) {
      assert.equal(readReply(whole.subarray(0, length), 0), undefined, `after ${length} bytes`);
    }
    assert.deepEqual(readReply(whole, 0), {
      value: [Buffer.from('OK'), -3, Buffer.from('a\r\nb'), null, [Buffer.alloc(0)]],
      end: whole.length,
    });
  });

  it('writes lengths in bytes', async () => {
    const { encodeCommand } = await loadOrchestratorLink();
    assert.equal(encodeCommand(['SET', 'ü', 1]).toString(), '*3\r\n$3\r\nSET\r\n$2\r\nü\r\n$1\r\n1\r\n');
  });

  it('ends with a message when something else than Redis answers', async () => {
    const { connectOrchestrator } = await loadOrchestratorLink();
    const stranger = net.createServer((socket) => {
      socket.on('error', () => undefined).resume();
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    });
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = stranger.address() as net.AddressInfo;
      await assert.rejects(
        connectOrchestrator({ SSDB: `127.0.0.1:${port}`, SR_DB_TYPE: 'Standalone' }),
        /does not answer in the Redis protocol/,
      );
    } finally {
      stranger.close();
    }
  });
});

describe('quickstart: frames', () => {
  /** As a server answers AI.TENSORGET. */
  function tensorOf(
    shape: readonly number[],
    bytes: Buffer,
  ): readonly (string | Buffer | readonly number[])[] {
    return ['dtype', 'DOUBLE', 'shape', shape, 'blob', bytes];
  }

  it('come back as they were published, and are little-endian doubles', async () => {
    const { frameCommands, keysOf, readFrame } = await loadFrames();
    const temperature = Float64Array.of(1.5, -0, Number.MIN_VALUE, 1e300);
    const [set, facts] = frameCommands(keysOf('simulation'), { step: 7, time: 0.25, size: 2, temperature });
    assert.equal(set?.[1], 'simulation.temperature_7');
    const bytes = set[6] as Buffer;
    assert.equal(bytes.readDoubleLE(0), 1.5);
    const read = readFrame(tensorOf([2, 2], bytes), facts!.slice(2));
    assert.deepEqual(read, { step: 7, time: 0.25, shape: [2, 2], temperature });
  });

  it('are refused when a byte has changed', async () => {
    const { frameCommands, keysOf, readFrame } = await loadFrames();
    const [set, facts] = frameCommands(keysOf(''), {
      step: 7,
      time: 0,
      size: 1,
      temperature: Float64Array.of(1),
    });
    const bytes = set![6] as Buffer;
    bytes.writeUInt8(bytes.readUInt8(3) ^ 1, 3);
    assert.throws(() => readFrame(tensorOf([1, 1], bytes), facts!.slice(2)), /the digest differs/);
    assert.throws(() => readFrame(tensorOf([1, 1], bytes), []), /announced but not there/);
  });
});
