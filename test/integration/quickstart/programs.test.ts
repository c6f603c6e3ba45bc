import assert from 'node:assert/strict';
import { ExampleProcess, startTestServer, type TestServer } from './exampleProcess';

describe('quickstart: simulation and consumer', () => {
  let server: TestServer;
  const started: ExampleProcess[] = [];

  beforeEach(async () => {
    server = await startTestServer();
  });
  afterEach(async () => {
    for (const program of started.splice(0)) await program.end();
    await server.end();
  });

  function simulate(...options: readonly string[]): ExampleProcess {
    return start(['simulation.mjs', ...options], { SSKEYOUT: 'simulation' });
  }
  function consume(...options: readonly string[]): ExampleProcess {
    return start(['consumer.mjs', ...options], { SSKEYIN: 'simulation', SSKEYOUT: 'consumer' });
  }
  function start(argv: readonly string[], names: Readonly<Record<string, string>>): ExampleProcess {
    const program = ExampleProcess.start(process.execPath, argv, { ...server.environment, ...names });
    started.push(program);
    return program;
  }
  async function summary(field: string): Promise<string> {
    return String(await server.link.command('HGET', 'consumer.summary', field));
  }

  it('exchange every frame, whoever comes first', async () => {
    const consumer = consume();
    const simulation = simulate('--steps', '45', '--every', '10', '--pace', '0');
    assert.equal(await simulation.ended(), 0, simulation.errors);
    assert.equal(await consumer.ended(), 0, consumer.errors);
    assert.deepEqual(
      consumer.output.match(/^step +\d+/gm)?.map((line) => Number(line.slice(4))),
      [0, 10, 20, 30, 40, 45],
    );
    assert.match(consumer.output, /^6 frames, every one as published; .* Saved as consumer\.summary\.$/m);
    assert.equal(await summary('frames'), '6');
    assert.equal(await summary('state'), 'finished');

    const late = consume();
    assert.equal(await late.ended(), 0);
    assert.equal(late.output, consumer.output);
  });

  it('publish under their own names only', async () => {
    await simulate('--steps', '1', '--pace', '0').ended();
    await consume().ended();
    const keys = ((await server.link.command('KEYS', '*')) as Buffer[]).map(String).sort();
    assert.deepEqual(keys, [
      'consumer.summary',
      'simulation.frame_0',
      'simulation.frame_1',
      'simulation.frames',
      'simulation.run',
      'simulation.temperature_0',
      'simulation.temperature_1',
    ]);
  });

  it('give up after a bounded wait when the simulation has died', async () => {
    const simulation = simulate('--pace', '60000');
    await simulation.says('step 0');
    const consumer = consume('--patience', '0.3');
    await consumer.says('step');
    simulation.child.kill('SIGKILL');
    assert.equal(await consumer.ended(), 1);
    assert.match(
      consumer.errors,
      /No new frame from simulation for 0\.3 s \(frames so far: 1\)\. It seems to have died/,
    );
  });

  it('end when they are asked to, and the consumer learns of it', async () => {
    const simulation = simulate('--pace', '60000');
    const consumer = consume();
    await consumer.says('step');
    simulation.child.kill('SIGTERM');
    assert.equal(await simulation.ended(), 143);
    assert.match(simulation.output, /^stopped at step 0$/m);
    assert.equal(await consumer.ended(), 1);
    assert.match(consumer.errors, /The simulation was stopped; frames until then: 1\./);

    await server.link.command('HSET', 'simulation.run', 'state', 'running');
    const waiting = consume();
    await waiting.says('step');
    waiting.child.kill('SIGTERM');
    assert.equal(await waiting.ended(), 143);
  });

  it('begin again when the simulation is restarted', async () => {
    const first = simulate('--pace', '60000');
    const consumer = consume();
    await consumer.says('step');
    first.child.kill('SIGKILL');
    await first.ended();
    await simulate('--steps', '20', '--pace', '0').ended();
    assert.equal(await consumer.ended(), 0, consumer.errors);
    assert.match(consumer.output, /simulation has started over/);
    assert.equal(await summary('frames'), '2');
  });

  it('refuse a frame whose bytes were changed on the way', async () => {
    await simulate('--steps', '1', '--pace', '0').ended();
    const shape = ['64', '64'];
    await server.link.command('AI.TENSORSET', 'simulation.temperature_1', 'DOUBLE', ...shape);
    const consumer = consume();
    assert.equal(await consumer.ended(), 1);
    assert.match(consumer.errors, /The bytes of step 1 are not those that were published/);
    assert.doesNotMatch(consumer.errors, /\n\s+at /);
  });

  it('end with a message when the server is killed', async () => {
    const simulation = simulate('--pace', '10', '--steps', '100000');
    const consumer = consume();
    await consumer.says('step');
    await server.process.end();
    assert.deepEqual([await simulation.ended(), await consumer.ended()], [1, 1]);
    for (const { errors } of [simulation, consumer])
      assert.match(errors, /Lost the orchestrator at 127\.0\.0\.1/);
  });

  it('say what is wrong with their arguments', async () => {
    for (const [wrong, message] of [
      [['simulation.mjs', '--steps', '0'], /--steps must be a whole number of at least 1; it is "0"/],
      [['simulation.mjs', '--stepz', '1'], /Unknown option '--stepz'/],
      [['simulation.mjs', '--walls', 'wet'], /--walls must be cold or insulated/],
      [['consumer.mjs', '--patience', 'no'], /--patience must be a number of seconds above 0/],
    ] as const) {
      const program = start(wrong, {});
      assert.equal(await program.ended(), 2);
      assert.match(program.errors, message);
    }
  });
});
