import assert from 'node:assert/strict';
import { lstatSync, readFileSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { messageOf } from '../../../src/core/base/problem';
import { freePort } from '../../support/freePort';
import { planOf } from '../../support/planOf';
import { fixtureModel, modelOf, untilRunIs } from '../../support/startedRun';
import { StartedRuns } from '../../support/startedRuns';

describe('a run of models', () => {
  let runs: StartedRuns;
  beforeEach(() => {
    runs = new StartedRuns();
  });
  afterEach(() => runs.end());

  it('gives a model exactly the planned environment, on top of that of the launch', async () => {
    process.env['ELECTRON_RUN_AS_NODE'] = '1';
    process.env['VSCODE_PID'] = '1';
    process.env['MINE'] = 'of the launch';
    try {
      const names = [
        'SSDB',
        'SSKEYIN',
        'EMPTY',
        'MINE',
        'PATH',
        'ELECTRON_RUN_AS_NODE',
        'VSCODE_PID',
        'SSW_ENTITY',
      ];
      const environment = { SSDB: '127.0.0.1:1', SSKEYIN: 'a,b', EMPTY: '', ECHO: names.join(' ') };
      const run = await runs.launchModels({ name: 'sim', argv: fixtureModel('echo'), environment });
      await untilRunIs(run, 'sim is completed', () => modelOf(run, 'sim').status === 'Completed');
      const told = JSON.parse(readFileSync(modelOf(run, 'sim').out, 'utf8')) as {
        environment: unknown;
        directory: string;
      };
      assert.deepEqual(told.environment, {
        SSDB: '127.0.0.1:1',
        SSKEYIN: 'a,b',
        EMPTY: '',
        MINE: 'of the launch',
        PATH: process.env['PATH'],
        ELECTRON_RUN_AS_NODE: null,
        VSCODE_PID: null,
        SSW_ENTITY: 'sim',
      });
      assert.equal(told.directory, path.join(run.snapshot.directory, 'sim'));
    } finally {
      for (const name of ['ELECTRON_RUN_AS_NODE', 'VSCODE_PID', 'MINE'])
        Reflect.deleteProperty(process.env, name);
    }
  });

  it('passes arguments on byte for byte', async () => {
    const args = [
      'a b',
      '',
      '-x',
      '--',
      '--steps=3',
      'line\nbreak',
      'ünïcödé ∑ 模型 🚀',
      '$HOME `id` "q" \'s\' \\',
      '*',
      ' ',
    ];
    const run = await runs.launchModels({ name: 'sim', argv: fixtureModel('echo', ...args) });
    await untilRunIs(run, 'sim is completed', () => modelOf(run, 'sim').status === 'Completed');
    const told = JSON.parse(readFileSync(modelOf(run, 'sim').out, 'utf8')) as { args: unknown };
    assert.deepEqual(told.args, args);
  });

  it('writes output to private files, with links beside the model', async () => {
    const models = [{ name: 'sim', argv: fixtureModel('echo') }];
    const plan = planOf({ directory: runs.work.path, port: await freePort(), models });
    const run = await runs.launch(plan);
    await untilRunIs(run, 'sim is completed', () => modelOf(run, 'sim').status === 'Completed');
    const { out, err } = modelOf(run, 'sim');
    assert.match(readFileSync(err, 'utf8'), /something on stderr/);
    assert.equal(readlinkSync(path.join(plan.directory, 'sim/sim.out')), out);
    assert.equal(readlinkSync(path.join(plan.directory, 'sim/sim.err')), err);
    for (const [file, mode] of [
      [plan.runDirectory, 0o700],
      [path.join(plan.runDirectory, 'logs'), 0o700],
      [path.join(plan.runDirectory, 'journal.jsonl'), 0o600],
      [plan.orchestrators[0]!.shards[0]!.configuration.path, 0o600],
      [out, 0o600],
      [run.snapshot.socket!, 0o600],
      [path.dirname(run.snapshot.socket!), 0o700],
    ] as const) {
      assert.equal(statSync(file).mode & 0o777, mode, file);
    }
  });

  it('puts files into the directories of models', async () => {
    const from = path.join(runs.work.path, 'input.cfg');
    writeFileSync(from, 'viscosity 1');
    const to = path.join(runs.work.path, 'lattice/sim');
    const run = await runs.launchModels({
      name: 'sim',
      argv: fixtureModel('wait'),
      stage: [
        { action: 'copy', from, to: path.join(to, 'input.cfg'), at: [] },
        { action: 'symlink', from, to: path.join(to, 'link.cfg'), at: [] },
      ],
    });
    assert.equal(run.snapshot.phase, 'ready');
    assert.equal(readFileSync(path.join(to, 'input.cfg'), 'utf8'), 'viscosity 1');
    assert.ok(lstatSync(path.join(to, 'link.cfg')).isSymbolicLink());
  });

  it('shows return codes, with the last words of a model that failed', async () => {
    const run = await runs.launchModels(
      { name: 'good', argv: fixtureModel('exit', '0') },
      { name: 'bad', argv: fixtureModel('exit', '7') },
      { name: 'sim', argv: fixtureModel('wait') },
    );
    await untilRunIs(
      run,
      'both have ended',
      () => modelOf(run, 'good').status === 'Completed' && modelOf(run, 'bad').status === 'Failed',
    );
    assert.equal(modelOf(run, 'good').returnCode, 0);
    const bad = modelOf(run, 'bad');
    assert.equal(bad.returnCode, 7);
    assert.match(bad.cause!.evidence!, /these are my last words/);
    assert.match(messageOf(bad.cause!), /return code 7/);
    assert.equal(run.snapshot.phase, 'degraded');
    assert.equal(modelOf(run, 'sim').status, 'Running');
  });

  it('ends what a model has left in its group when it ended', async () => {
    const run = await runs.launchModels({ name: 'sim', argv: fixtureModel('orphans') });
    await untilRunIs(run, 'sim is completed', () => modelOf(run, 'sim').status === 'Completed');
    await run.stop();
    await runs.assertNothingLeft();
  });

  it('starts a model again', async () => {
    const run = await runs.launchModels({ name: 'sim', argv: fixtureModel('wait') });
    const before = modelOf(run, 'sim').identity!;
    const restarted = await run.restart('sim');
    assert.ok(restarted.ok, JSON.stringify(restarted));
    await untilRunIs(run, 'sim runs again', () => modelOf(run, 'sim').identity!.pid !== before.pid);
    assert.equal(modelOf(run, 'sim').status, 'Running');
    assert.equal(run.snapshot.phase, 'ready');
    const unknown = await run.restart('nobody');
    assert.equal(unknown.problems[0]?.code, 'no-such-model');
  });

  it('waits for what a model depends on, and skips it with the cause when that fails', async () => {
    const run = await runs.launchModels(
      { name: 'sim', argv: fixtureModel('exit', '0') },
      { name: 'bad', argv: fixtureModel('exit', '1') },
      {
        name: 'after',
        argv: fixtureModel('exit', '0'),
        dependsOn: [{ model: 'sim', condition: 'completed' }],
      },
      {
        name: 'never',
        argv: fixtureModel('exit', '0'),
        dependsOn: [{ model: 'bad', condition: 'completed' }],
      },
      {
        name: 'neither',
        argv: fixtureModel('exit', '0'),
        dependsOn: [{ model: 'never', condition: 'started' }],
      },
    );
    await untilRunIs(run, 'all have ended', () =>
      run.snapshot.models.every(({ status }) => status !== 'New' && status !== 'Running'),
    );
    assert.deepEqual(
      run.snapshot.models.map(({ status }) => status),
      ['Completed', 'Failed', 'Completed', 'NeverStarted', 'NeverStarted'],
    );
    assert.ok(modelOf(run, 'after').startedAt! >= modelOf(run, 'sim').endedAt!);
    assert.match(messageOf(modelOf(run, 'never').cause!), /waits for bad, which failed/);
  });
});
