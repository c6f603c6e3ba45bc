import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TensorViewJson } from '../../../src/cli/render/tensor';
import type { ProblemJson } from '../../../src/cli/render/problems';
import type { RunStatus } from '../../../src/core/deployment/toRunStatus';
import { npyHeader } from '../../../src/core/tensor/npyHeader';
import { RespClient } from '../../support/respClient';
import { BegunCli, type CliOutcome } from '../../support/runCli';
import { until } from '../../support/startedRun';
import { bytesOf, plain } from '../../support/tensors';
import { workDirectory, type WorkDirectory } from '../../support/workDirectory';

describe('ssw tensor', function () {
  this.timeout(120_000);
  let work: WorkDirectory;
  let client: RespClient;
  let shard: RunStatus['orchestrators'][number]['shards'][number];

  before(async () => {
    work = workDirectory();
    writeFileSync(
      path.join(work.path, 'e.smartsim.yaml'),
      'version: 1\nexperiment: e\norchestrator: {port: auto, ai: builtin}\n',
    );
    const { exitCode, out, err } = await ssw('up', 'e.smartsim.yaml', '--detach', '--json');
    assert.equal(exitCode, 0, err);
    const { runs } = JSON.parse(out) as { runs: readonly RunStatus[] };
    shard = runs[0]!.orchestrators[0]!.shards[0]!;
    client = await RespClient.connect(shard.port);
  });
  after(async () => {
    client.close();
    await ssw('down', 'e.smartsim.yaml', '--force');
    work.remove();
  });

  function beginSsw(...words: readonly string[]): BegunCli {
    const environment = { ...process.env, HOME: work.path, XDG_RUNTIME_DIR: work.path };
    return new BegunCli(words, { directory: work.path, environment });
  }

  const ssw = (...words: readonly string[]): Promise<CliOutcome> => beginSsw(...words).ended;

  async function tensor(...words: readonly string[]): Promise<string> {
    const { exitCode, out, err } = await ssw('tensor', ...words);
    assert.equal(exitCode, 0, err);
    return out;
  }

  const inWork = (name: string): string => path.join(work.path, name);

  /** 100 rows of 50 numbers, whose number each is. */
  const field = bytesOf(Int32Array.from({ length: 5000 }, (_, index) => index));

  it('sets a tensor from a file, and writes it into one that is the same', async () => {
    writeFileSync(inWork('in.npy'), new Uint8Array([...npyHeader('INT32', [100, 50]), ...field]));
    assert.match(
      await tensor('set', 'field', 'in.npy'),
      /^field: INT32 100 × 50, 20000 bytes.*\nSet from .*in\.npy\.\n$/,
    );
    assert.match(await tensor('field', '--out', 'out.npy'), /\nWritten to .*out\.npy\.\n$/);
    assert.deepEqual(readFileSync(inWork('out.npy')), readFileSync(inWork('in.npy')));
  });

  it('shows the corner of a large one, all of a small slice, and writes a slice into a CSV file', async () => {
    await client.send('AI.TENSORSET', 'field', 'INT32', 100, 50, 'BLOB', field);
    const corner = await tensor('field');
    assert.match(
      corner,
      /^field: INT32 100 × 50, 20000 bytes, in orchestrator_0\nmin 0, max 4999, mean 2499\.5, /,
    );
    assert.match(corner, /\n\[:8, :8\]: 64 of 5000 elements\n +0 +1 .*\n( +\d.*\n){7}This is a part: /);
    assert.match(
      await tensor('field', '--slice', '[-1, ::-20]'),
      /: 3 of 5000 elements\n {2}4999 {2}4979 {2}4959\n$/,
    );
    assert.match(
      await tensor('field', '--slice', '[:2, :3]', '--out', 'part.csv'),
      /\nSlice \[:2, :3\]\. Written/,
    );
    assert.equal(readFileSync(inWork('part.csv'), 'utf8'), '0,1,2\n50,51,52\n');
  });

  it('gives programs all of it, and of what is very large the corner', async () => {
    await client.send('AI.TENSORSET', 'field', 'INT32', 100, 50, 'BLOB', field);
    const whole = JSON.parse(await tensor('field', '--json')) as TensorViewJson;
    assert.deepEqual([whole.slice, whole.partial, whole.statistics?.max], ['[:, :]', false, 4999]);
    assert.deepEqual((whole.values as readonly (readonly number[])[]).flat().length, 5000);
    await client.send('AI.TENSORSET', 'large', 'UINT8', 1000, 1000);
    const part = JSON.parse(await tensor('large', '--json')) as TensorViewJson;
    assert.deepEqual([part.slice, part.partial], ['[:316, :316]', true]);
  });

  it('takes keys that are no text, and shows them so that they can be read', async () => {
    const key = Uint8Array.of(0xff, 0, 0x61, 0x0a);
    await client.send('AI.TENSORSET', key, 'INT8', 1, 'VALUES', 5);
    const base64 = Buffer.from(key).toString('base64');
    assert.match(await tensor(base64, '--key-base64'), /^\\xff\\x00a\\x0a: INT8 1, 1 byte,/);
    const told = JSON.parse(await tensor(base64, '--key-base64', '--json')) as TensorViewJson;
    assert.deepEqual([told.key, told.values], [base64, [5]]);
    await tensor('set', base64, 'in.npy', '--key-base64');
    assert.deepEqual(plain(await client.send('AI.TENSORGET', key, 'META')), [
      'dtype',
      'INT32',
      'shape',
      [100, 50],
    ]);
    await client.send('AI.TENSORSET', 'a\\x41', 'INT8', 1, 'VALUES', 7);
    for (const shown of ['\\xff\\x00a\\x0a', 'a\\\\x41'])
      assert.ok((await tensor(shown)).startsWith(`${shown}: INT`));
    const wrong = await ssw('tensor', 'no base64!', '--key-base64');
    assert.equal(wrong.exitCode, 2);
    assert.match(wrong.err, /KEY is no base64/);
    // A verb is a key like any other.
    await client.send('AI.TENSORSET', 'set', 'INT8', 1, 'VALUES', 6);
    assert.match(await tensor('set'), /^set: INT8 1/);
  });

  it('is given up by Ctrl-C, also where the shard does not answer', async () => {
    await client.send('AI.TENSORSET', 'field', 'INT32', 100, 50, 'BLOB', field);
    const { port, pid } = shard;
    assert.ok(pid !== undefined);
    const remote = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
    const connections = (): number =>
      readFileSync('/proc/net/tcp', 'utf8')
        .split('\n')
        .map((line) => line.trim().split(/\s+/))
        .filter(([, , to = '', state]) => to.endsWith(remote) && state === '01').length;
    process.kill(pid, 'SIGSTOP');
    try {
      const before = connections();
      const begun = beginSsw('tensor', 'field');
      await until('it asks the shard', () => connections() > before);
      begun.kill('SIGINT');
      const { exitCode, out, err } = await begun.ended;
      assert.deepEqual([exitCode, out, err], [130, '', 'ssw tensor: interrupted.\n']);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
  });

  it('says what is wrong, and leaves no file', async () => {
    await client.send('AI.TENSORSET', 'field', 'INT32', 100, 50, 'BLOB', field);
    await client.send('SET', 'text', 'x');
    for (const [words, code, message] of [
      [['nowhere'], 'tensor-missing', /There is no tensor nowhere in orchestrator/],
      [['text'], 'tensor-of-other-kind', /text holds something that is no tensor/],
      [
        ['field', '--slice', '[100]', '--out', 'x.npy'],
        'slice-does-not-fit',
        /shape \(100, 50\): dimension 0 has no index 100/,
      ],
      [['field', '--slice', '[a]'], 'slice-invalid', /"a" is neither/],
      [['field', '--out', 'none/x.npy'], 'out-folder-missing', /none\/x\.npy cannot be written/],
      [['set', 'field', 'absent.npy'], 'file-missing', /absent\.npy/],
    ] as const) {
      const { exitCode, out } = await ssw('tensor', ...words, '--json');
      assert.equal(exitCode, 1, words.join(' '));
      const { problems } = JSON.parse(out) as { problems: readonly ProblemJson[] };
      assert.equal(problems[0]?.code, code, words.join(' '));
      assert.match(problems[0].message, message);
    }
    for (const words of [
      [],
      ['one', 'two'],
      ['set', 'field'],
      ['set', 'field', 'in.npy', '--slice', '0'],
      ['field', '--out', 'x.txt'],
    ])
      assert.equal((await ssw('tensor', ...words)).exitCode, 2, words.join(' '));
    assert.ok(!existsSync(inWork('x.npy')));
    assert.deepEqual(
      readdirSync(work.path).filter((name) => name.endsWith('.part')),
      [],
    );
  });
});
