import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { smartredisPython } from '../../scripts/smartredisClient.mjs';
import type { RunStatus } from '../../src/core/deployment/toRunStatus';
import type { TensorViewJson } from '../../src/cli/render/tensor';
import { projectRoot } from '../support/projectRoot';
import { runCli, type CliOutcome } from '../support/runCli';
import { workDirectory, type WorkDirectory } from '../support/workDirectory';

describe('ssw tensor and numpy', function () {
  this.timeout(120_000);
  let python: string;
  let work: WorkDirectory;
  let environment: Readonly<Record<string, string | undefined>>;

  before(async function () {
    this.timeout(300_000);
    python = smartredisPython();
    work = workDirectory();
    environment = { ...process.env, HOME: work.path, XDG_RUNTIME_DIR: work.path };
    const file = path.join(work.path, 'e.smartsim.yaml');
    writeFileSync(file, 'version: 1\nexperiment: e\norchestrator: {port: auto, db_nodes: 3}\n');
    const { exitCode, out, err } = await ssw('up', 'e.smartsim.yaml', '--detach', '--json');
    assert.equal(exitCode, 0, err);
    const { runs } = JSON.parse(out) as { runs: readonly RunStatus[] };
    environment = {
      ...environment,
      SSDB: runs[0]!.orchestrators[0]!.ssdb,
      SR_DB_TYPE: 'Clustered',
      SR_LOG_LEVEL: 'QUIET',
    };
    mkdirSync(path.join(work.path, 'made'));
    mkdirSync(path.join(work.path, 'read'));
    tensors('make', 'made');
  });
  after(async () => {
    await ssw('down', 'e.smartsim.yaml');
    work.remove();
  });

  function ssw(...words: readonly string[]): Promise<CliOutcome> {
    return runCli(words, { directory: work.path, environment });
  }

  function tensors(...words: readonly string[]): void {
    const program = path.join(projectRoot, 'test/smartredis/tensors.py');
    execFileSync(python, [program, ...words], { cwd: work.path, env: environment, timeout: 60_000 });
  }

  async function forEach(act: (name: string) => readonly string[]): Promise<void> {
    for (const file of readdirSync(path.join(work.path, 'made'))) {
      const { exitCode, err } = await ssw('tensor', ...act(file.replace(/\.npy$/, '')));
      assert.equal(exitCode, 0, `${file}: ${err}`);
    }
  }

  it('write what SmartRedis reads bit by bit', async () => {
    await forEach((name) => ['set', name, `made/${name}.npy`]);
    tensors('get', 'made');
  });

  it('read what SmartRedis wrote bit by bit', async () => {
    tensors('put', 'made');
    await forEach((name) => [name, '--out', `read/${name}.npy`]);
    tensors('compare', 'made', 'read');
  });

  it('tells what there is, and what there is not', async () => {
    tensors('put', 'made');
    const { exitCode, out } = await ssw('tensor', 'i2_0', '--slice', '[1, ::-1, 0]', '--json');
    assert.equal(exitCode, 0);
    const told = JSON.parse(out) as TensorViewJson;
    assert.deepEqual(
      [told.name, told.key, told.dtype, told.shape, told.bytes, told.slice, told.partial],
      ['i2_0', Buffer.from('i2_0').toString('base64'), 'INT16', [2, 3, 4], 48, '[1, ::-1, 0]', false],
    );
    assert.equal(told.statistics?.count, 24);
    assert.equal((told.values as readonly number[]).length, 3);
    const missing = await ssw('tensor', 'nowhere');
    assert.equal(missing.exitCode, 1);
    assert.match(missing.err, /tensor-missing There is no tensor nowhere in orchestrator/);
    const wrong = await ssw('tensor', 'i2_0', '--orchestrator', 'other');
    assert.match(wrong.err, /orchestrator-unknown/);
    assert.equal((await ssw('tensor', 'look', 'i2_0')).exitCode, 2);
    const absent = await ssw('tensor', 'set', 'x', 'absent.npy');
    assert.match(absent.err, /file-missing There is no file .*absent\.npy/);
  });
});
