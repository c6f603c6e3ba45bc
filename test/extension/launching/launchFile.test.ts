import assert from 'node:assert/strict';
import { problem } from '../../../src/core/base/problem';
import { failure, success } from '../../../src/core/base/result';
import type { CheckedExperiment } from '../../../src/core/plan/checkExperiment';
import { launchFile, type LaunchOutcome, type LaunchStep } from '../../../src/extension/launching/launchFile';
import { modelSnapshot, runSnapshot, ScriptedRun, unstartedModel } from '../../support/runSnapshots';

type Core = Parameters<typeof launchFile>[1];

const source = { file: '/a.smartsim.yaml', text: '' };
const plan = {} as NonNullable<CheckedExperiment['plan']>;
const wrong = problem('no-server');
const mild = problem('server-died-at-start', { shard: 'a', ending: 'b' });

class Launch {
  readonly run = new ScriptedRun(runSnapshot({ phase: 'starting' }));
  readonly abort = new AbortController();
  readonly steps: LaunchStep[] = [];
  readonly marks: string[] = [];
  core: Core = {
    check: () => Promise.resolve({ plan, problems: [] } as unknown as CheckedExperiment),
    start: () => Promise.resolve(success(this.run)),
    untilLaunched: () => Promise.resolve(success(this.run.snapshot)),
  };
  private readonly runs = {
    add: () => this.marks.push('added'),
    markLaunching: (file: string) => {
      this.marks.push(`launching ${file}`);
      return { dispose: () => this.marks.push('over') };
    },
  };

  go(): Promise<LaunchOutcome> {
    return launchFile(source, this.core, this.runs, (step) => this.steps.push(step), this.abort.signal);
  }
}

describe('launchFile', () => {
  it('checks, starts and waits until the launch is finished', async () => {
    const launch = new Launch();
    const outcome = await launch.go();
    assert.deepEqual(outcome, { kind: 'launched', run: launch.run });
    assert.deepEqual(launch.steps, ['checking', 'starting', 'orchestrators']);
    assert.deepEqual(launch.marks, ['launching /a.smartsim.yaml', 'added', 'over']);
  });

  it('starts nothing when the file has errors, and tells the errors alone', async () => {
    const launch = new Launch();
    launch.core = {
      ...launch.core,
      check: () => Promise.resolve({ problems: [wrong] } as unknown as CheckedExperiment),
      start: () => assert.fail('started'),
    };
    assert.deepEqual(await launch.go(), { kind: 'refused', problems: [wrong] });
    assert.deepEqual(launch.marks, ['launching /a.smartsim.yaml', 'over']);
  });

  it('hands on why a launch failed', async () => {
    const launch = new Launch();
    launch.core = { ...launch.core, untilLaunched: () => Promise.resolve(failure(mild)) };
    assert.deepEqual(await launch.go(), { kind: 'failed', problems: [mild] });
    assert.equal(launch.run.stops, 0);
  });

  it('hands on why no supervisor came up', async () => {
    const launch = new Launch();
    launch.core = { ...launch.core, start: () => Promise.resolve(failure(mild)) };
    assert.deepEqual(await launch.go(), { kind: 'failed', problems: [mild] });
  });

  it('stops what was started when it is cancelled during the launch, and names it', async () => {
    const launch = new Launch();
    launch.core = {
      ...launch.core,
      untilLaunched: () => {
        const waiting = unstartedModel('waiting');
        launch.run.become(runSnapshot({ phase: 'starting', models: [modelSnapshot(), waiting] }));
        launch.abort.abort();
        return Promise.resolve(failure(mild));
      },
    };
    assert.deepEqual(await launch.go(), {
      kind: 'cancelled',
      stopped: ['orchestrator_0', 'simulation'],
      problems: [],
    });
    assert.equal(launch.run.stops, 1);
    assert.equal(launch.steps.at(-1), 'rollingBack');
  });

  it('starts nothing when it is cancelled during the check', async () => {
    const launch = new Launch();
    const { check } = launch.core;
    launch.core = {
      ...launch.core,
      check: (...args) => {
        launch.abort.abort();
        return check(...args);
      },
      start: () => assert.fail('started'),
    };
    assert.deepEqual(await launch.go(), { kind: 'cancelled', stopped: [], problems: [] });
  });

  it('takes a check that was given up for what it is, and lets other faults through', async () => {
    const launch = new Launch();
    const fault = new Error('fault');
    launch.core = { ...launch.core, check: () => Promise.reject(fault) };
    await assert.rejects(launch.go(), fault);
    assert.deepEqual(launch.marks, ['launching /a.smartsim.yaml', 'over']);
    launch.abort.abort();
    assert.deepEqual(await launch.go(), { kind: 'cancelled', stopped: [], problems: [] });
  });

  it('calls it cancelled when the supervisor was given up on request', async () => {
    const launch = new Launch();
    launch.core = {
      ...launch.core,
      start: () => {
        launch.abort.abort();
        return Promise.resolve(failure(mild));
      },
    };
    assert.deepEqual(await launch.go(), { kind: 'cancelled', stopped: [], problems: [] });
  });

  it('says when the orchestrator is ready and the models are next', async () => {
    const launch = new Launch();
    launch.core = {
      ...launch.core,
      untilLaunched: () => {
        launch.run.become(runSnapshot());
        return Promise.resolve(success(launch.run.snapshot));
      },
    };
    await launch.go();
    assert.equal(launch.steps.at(-1), 'models');
  });
});
