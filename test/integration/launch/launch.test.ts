import assert from 'node:assert/strict';
import path from 'node:path';
import { startRun } from '../../../src/core/run/startRun';
import { untilLaunched } from '../../../src/core/run/untilLaunched';
import { freePort } from '../../support/freePort';
import { leftoversOf } from '../../support/leftovers';
import { planOf } from '../../support/planOf';
import { projectRoot } from '../../support/projectRoot';
import { workDirectory } from '../../support/workDirectory';

describe('a run', () => {
  it('is launched, seen and stopped', async () => {
    const work = workDirectory();
    const plan = planOf({
      directory: work.path,
      port: await freePort(),
      models: [{ name: 'sim', argv: [process.execPath, '-e', 'setInterval(()=>{},1000)'] }],
    });
    const run = await startRun(plan, {
      node: process.execPath,
      supervisor: path.join(projectRoot, 'dist/supervisor.js'),
      environment: process.env,
      directories: work.directories,
    });
    assert.ok(run.ok, JSON.stringify(run));
    const launched = await untilLaunched(run.value);
    assert.ok(launched.ok);
    assert.equal(launched.value.phase, 'ready');
    const stopped = await run.value.stop();
    assert.ok(stopped.ok);
    assert.equal(stopped.value.phase, 'stopped');
    assert.deepEqual(leftoversOf(plan.runId), []);
    run.value.dispose();
    work.remove();
  });
});
