import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { smartredisPython } from '../../scripts/smartredisClient.mjs';
import { utf8 } from '../../src/core/base/bytes';
import { messageOf } from '../../src/core/base/problem';
import type { Database } from '../../src/core/database/database';
import type { RunStatus } from '../../src/core/deployment/toRunStatus';
import { renameDataset } from '../../src/core/value/change/renameKeys';
import { codeFor } from '../../src/core/value/code/codeFor';
import type { ValueKind } from '../../src/core/value/details/keyDetails';
import { readDetails } from '../../src/core/value/details/readDetails';
import { readValue } from '../../src/core/value/readValue';
import { lookedInto } from '../support/lookedInto';
import { projectRoot } from '../support/projectRoot';
import { runCli } from '../support/runCli';
import { workDirectory, type WorkDirectory } from '../support/workDirectory';

const { signal } = new AbortController();

for (const nodes of [1, 3])
  describe(`what the SmartRedis client has put into ${nodes === 1 ? 'one server' : 'a cluster'}`, function () {
    this.timeout(120_000);
    let python: string;
    let work: WorkDirectory;
    let environment: Readonly<Record<string, string | undefined>>;
    let address: string;
    let database: Database;

    before(async function () {
      this.timeout(300_000);
      python = smartredisPython();
      work = workDirectory();
      environment = { ...process.env, HOME: work.path, XDG_RUNTIME_DIR: work.path };
      writeFileSync(
        path.join(work.path, 'e.smartsim.yaml'),
        `version: 1\nexperiment: e\norchestrator: {port: auto, db_nodes: ${nodes}}\n`,
      );
      const up = await runCli(['up', 'e.smartsim.yaml', '--detach', '--json'], {
        directory: work.path,
        environment,
      });
      assert.equal(up.exitCode, 0, up.err);
      const [orchestrator] = (JSON.parse(up.out) as { runs: readonly RunStatus[] }).runs[0]!.orchestrators;
      address = orchestrator!.ssdb;
      environment = {
        ...environment,
        SSDB: address,
        SR_DB_TYPE: nodes === 1 ? 'Standalone' : 'Clustered',
        SR_LOG_LEVEL: 'QUIET',
      };
      database = await lookedInto([Number(address.split(',')[0]!.split(':').at(-1))]);
      execFileSync(python, [path.join(projectRoot, 'test/smartredis/values.py')], {
        cwd: work.path,
        env: environment,
        timeout: 60_000,
      });
    });
    after(async () => {
      database.dispose();
      await runCli(['down', 'e.smartsim.yaml'], { directory: work.path, environment });
      work.remove();
    });

    it('is told as what it is', async () => {
      const names = ['plain', 'ens_0.mine', '{weather}.meta', 'ens_0.{inner}.meta', '{weather}.t', 'all'];
      const found = await readDetails(database, names.map(utf8));
      assert.deepEqual(
        found.map(({ kind, dtype, shape, bytes, length, complete }) =>
          Object.values({ kind, dtype, shape, bytes, length, complete }).filter((fact) => fact !== undefined),
        ),
        [
          ['tensor', 'DOUBLE', [2, 3, 4], 192],
          ['tensor', 'UINT8', [3], 3],
          ['dataset', 9, true],
          ['dataset', 9, true],
          ['tensor', 'INT16', [2, 3], 12],
          ['aggregationList', 2],
        ],
      );
    });

    it('is decoded', async () => {
      const dataset = await readValue(database, utf8('ens_0.{inner}.meta'), {}, signal);
      assert.ok(dataset.ok, dataset.problems.map(messageOf).join());
      assert.equal(dataset.value.partial, false);
      assert.equal(
        dataset.value.text,
        `# dataset inner
# all of it was written (.COMPLETE)

tensors:
  t: INT16 2 × 3, 12 bytes
  wörld: FLOAT 2, 8 bytes

metadata:
  float32: FLOAT [0.1]
  float64: DOUBLE [1.5]
  int32: INT32 [-1]
  int64: INT64 [4611686018427387904]
  text: STRING ["abc", "é"]
  uint32: UINT32 [5]
  uint64: UINT64 [9223372036854775808]
`,
      );
      const tensor = await readValue(database, utf8('plain'), { slice: '[1, :, ::2]' }, signal);
      assert.ok(tensor.ok);
      assert.match(tensor.value.text, /\[\[12 14\]\n \[16 18\]\n \[20 22\]\]\n$/);
      const list = await readValue(database, utf8('all'), {}, signal);
      assert.ok(list.ok);
      assert.equal(list.value.text, '# list of datasets, 2 datasets\n0: {weather}\n1: {climate}\n');
    });

    for (const [kind, key, check] of [
      ['tensor', 'plain', 'assert array.shape == (2, 3, 4) and array[1, 2, 3] == 23'],
      ['tensor', 'ens_0.mine', 'assert array.dtype == "uint8"'],
      ['tensor', '{weather}.wörld', 'assert array.tolist() == [1, 1]'],
      ['dataset', '{weather}.meta', 'assert dataset.get_meta_strings("text") == ["abc", "é"]'],
      ['dataset', 'ens_0.{inner}.meta', 'assert dataset.get_tensor("t").shape == (2, 3)'],
      ['aggregationList', 'all', 'assert len(datasets) == 2'],
    ] as const satisfies readonly (readonly [ValueKind, string, string])[])
      it(`is read by the Python code for it: ${key}`, () => {
        const code = codeFor('python', { kind, key: utf8(key), address, clustered: nodes > 1 });
        execFileSync(python, ['-c', `${code!}\n${check}\n`], {
          env: { ...environment, SSDB: undefined, SR_DB_TYPE: undefined },
          timeout: 60_000,
        });
      });

    if (nodes === 1)
      it('is found by it under a new name', async () => {
        const renamed = await renameDataset(database, utf8('{climate}.'), utf8('{renamed}.'), []);
        assert.ok(renamed.ok && renamed.value === 3, renamed.problems.map(messageOf).join());
        const code = codeFor('python', {
          kind: 'dataset',
          key: utf8('{renamed}.meta'),
          address,
          clustered: false,
        });
        const check = 'assert dataset.get_tensor("t").tolist() == [[0, 1, 2], [3, 4, 5]]';
        execFileSync(python, ['-c', `${code!}\n${check}\n`], { env: environment, timeout: 60_000 });
      });
  });
