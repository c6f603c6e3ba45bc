import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { checkExperiment, type CheckOptions } from '../../../src/core/plan/checkExperiment';
import { packedEngine } from '../../support/builtEngine';
import { silentServer } from '../../support/silentServer';
import { temporaryFolder } from '../../support/temporaryFolder';

describe('checkExperiment', () => {
  const folder = temporaryFolder();

  function check(text: string, options: Partial<CheckOptions> = {}): ReturnType<typeof checkExperiment> {
    const file = path.join(folder.path, 'größe x.smartsim.yaml');
    const site = { environment: process.env, dataDirectory: folder.path, engine: packedEngine };
    return checkExperiment({ file, text }, { site, runId: 'r', ...options });
  }

  const good =
    'version: 1\nexperiment: x\norchestrator: {port: auto}\nmodels: {a: {run_settings: {exe: node}}}\n';

  it('goes all the way from text to plan', async () => {
    const { plan, spec, problems } = await check(good);
    assert.deepEqual(problems, []);
    assert.equal(spec?.experiment, 'x');
    assert.equal(plan?.models[0]?.name, 'a');
    assert.equal(plan.runDirectory, path.join(folder.path, 'x/.smartsim/workbench/r'));
  });

  it('gives every problem its range, those of this machine in their place among the others', async () => {
    const holder = silentServer().listen(0, '127.0.0.1');
    try {
      await once(holder, 'listening');
      const { port } = holder.address() as AddressInfo;
      const text = `version: 1\nexperiment: x\nmodels:\n  a: {run_settings: {exe: no-such-program}}\norchestrator: {port: ${port}}\n`;
      const { plan, problems } = await check(text);
      assert.equal(plan, undefined);
      assert.deepEqual(
        problems.map(({ code, place }) => [code, place?.range?.start]),
        [
          ['executable-missing', { line: 3, character: 26 }],
          ['port-taken', { line: 4, character: 21 }],
        ],
      );
      assert.equal(problems[1]?.args['pid'], process.pid);
    } finally {
      holder.close();
    }
  });

  it('does not look at this machine without a site, nor where the file is wrong', async () => {
    const offline = await checkExperiment(
      { file: '/x.smartsim.yaml', text: good.replace('node', 'no-such-program') },
      { runId: 'r' },
    );
    assert.deepEqual(offline.problems, []);
    assert.equal(offline.plan, undefined);
    assert.equal(offline.spec?.experiment, 'x');
    const wrong = await check(`${good}nonsense: 1\n`);
    assert.deepEqual([wrong.spec, wrong.plan], [undefined, undefined]);
    assert.equal(wrong.problems.length, 1);
  });

  it('stops with the reason of the signal', async () => {
    const reason = new Error('typed on');
    await assert.rejects(check(good, { signal: AbortSignal.abort(reason) }), reason);
  });
});
