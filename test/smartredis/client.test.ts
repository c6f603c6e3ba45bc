import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { smartredisPython } from '../../scripts/smartredisClient.mjs';
import { projectRoot } from '../support/projectRoot';
import { runCli } from '../support/runCli';
import { workDirectory, type WorkDirectory } from '../support/workDirectory';

/** What conformance.py does; a check that is missing in its outcome is one that nobody made. */
const checks = [
  'tensors_of_all_types_and_shapes',
  'tensors_that_are_not_contiguous',
  'tensors_that_are_large',
  'tensors_that_are_replaced_by_others',
  'keys_of_any_bytes',
  'tensors_copied_renamed_and_deleted',
  'what_exists_and_is_waited_for',
  'datasets_with_all_metadata',
  'datasets_shared_between_objects',
  'datasets_described_for_xarray',
  'datasets_copied_renamed_and_deleted',
  'aggregation_lists',
  'what_is_not_there',
  'what_servers_tell',
  'configuration_that_is_read',
  'configuration_that_is_written',
  'chunk_size_of_models',
  'models_that_are_not_there',
  'snapshots',
  'prefixes_that_are_switched',
  'logs',
  'options_from_the_environment',
  'options_that_are_overridden',
  'constructor_of_old_programs',
  'databases_that_are_emptied',
] as const;

/** Every other public method of the client's classes is called by the checks. */
const uncalledMethods = [
  // Models and scripts.
  ...[
    ...['delete_model', 'delete_model_multigpu', 'get_model', 'run_model', 'run_model_multigpu', 'set_model'],
    ...['set_model_from_file', 'set_model_from_file_multigpu', 'set_model_multigpu'],
    ...['delete_script', 'delete_script_multigpu', 'get_script', 'run_script', 'run_script_multigpu'],
    ...['set_function', 'set_function_multigpu', 'set_script', 'set_script_from_file'],
    ...['set_script_from_file_multigpu', 'set_script_multigpu'],
  ].map((name) => `Client.${name}`),
  // Turns what was read into an object of a library that is no part of the client; asks no server.
  'DatasetConverter.transform_to_xarray',
  // In this version of the client it asks its inner object for a name, which that has not.
  'LogContext.from_pybind',
];

interface Outcome {
  readonly checks: Readonly<Record<string, string>>;
  readonly uncalled: readonly string[];
}

describe('the SmartRedis client', function () {
  this.timeout(120_000);
  let python: string;
  let work: WorkDirectory;

  before(function () {
    // The first time, its environment is made from the package registry.
    this.timeout(300_000);
    python = smartredisPython();
  });
  beforeEach(() => {
    work = workDirectory();
  });
  afterEach(() => {
    work.remove();
  });

  /** Launches programs of this folder by the experiment file alone, as `ssw up` does for everybody. */
  async function launch(
    orchestrator: string,
    models: Readonly<Record<string, { args: readonly string[]; keys?: string }>>,
  ): Promise<void> {
    const lines = Object.entries(models).map(([name, { args, keys = '' }]) => {
      const [program = '', ...rest] = args;
      const words = [path.join(projectRoot, 'test/smartredis', program), ...rest];
      const settings = {
        exe: python,
        exe_args: words,
        env_vars: { SR_LOG_LEVEL: 'QUIET', SR_LOG_FILE: 'client.log' },
      };
      return `  ${name}: {run_settings: ${JSON.stringify(settings)}${keys}}\n`;
    });
    const text = `version: 1\nexperiment: e\norchestrator: {port: auto, ${orchestrator}}\nmodels:\n${lines.join('')}`;
    writeFileSync(path.join(work.path, 'e.smartsim.yaml'), text);
    const { exitCode, out, err } = await runCli(['up', 'e.smartsim.yaml'], {
      directory: work.path,
      environment: { ...process.env, HOME: work.path, XDG_RUNTIME_DIR: work.path },
    });
    const said = Object.keys(models).map((name) => {
      const file = path.join(work.path, 'e', name, `${name}.err`);
      return existsSync(file) ? readFileSync(file, 'utf8') : '';
    });
    assert.equal(exitCode, 0, `${out}\n${err}\n${said.join('\n')}`);
  }

  function outcome(): unknown {
    return JSON.parse(readFileSync(path.join(work.path, 'outcome.json'), 'utf8'));
  }

  async function conformance(orchestrator: string, ...more: readonly string[]): Promise<void> {
    const args = ['conformance.py', path.join(work.path, 'outcome.json'), ...more];
    await launch(orchestrator, { program: { args } });
    const { checks: found, uncalled } = outcome() as Outcome;
    assert.deepEqual(found, Object.fromEntries(checks.map((name) => [name, 'ok'])));
    assert.deepEqual([...uncalled].sort(), [...uncalledMethods].sort());
  }

  it('does all that it offers against one server', async () => {
    await conformance('client_config: true', '--may-configure');
  });

  it('does all that it offers against a cluster of three shards', async () => {
    await conformance('db_nodes: 3, client_config: true', '--may-configure');
  });

  it('does all that it offers against a Unix socket, and configures nothing unasked', async () => {
    await conformance('unix_socket: e.sock');
  });

  for (const [what, orchestrator] of [
    ['one server', 'db_nodes: 1'],
    ['a cluster', 'db_nodes: 3'],
  ] as const)
    it(`finds the keys of others by their prefixes in ${what}`, async () => {
      const write = { args: ['prefixes.py', 'write'], keys: ', enable_key_prefixing: true' };
      const args = ['prefixes.py', 'read', path.join(work.path, 'outcome.json')];
      await launch(orchestrator, {
        writer_1: write,
        writer_2: write,
        reader: { args, keys: ', incoming: [writer_1, writer_2]' },
      });
      assert.equal(outcome(), 'ok');
    });
});
