import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { leftovers } from '../oracle/leftovers.mjs';
import { until } from '../support/startedRun';
import { keepFailures, openEditor, type Editor } from './editor';

const shards = 3;

const experiment = `version: 1
experiment: wave
orchestrator: {db_nodes: ${shards}, port: auto}
models:
  solver: {run_settings: {exe: sleep, exe_args: ["600"]}}
  viewer: {run_settings: {exe: sleep, exe_args: ["600"]}}
`;

interface Status {
  readonly runs: readonly {
    readonly id: string;
    readonly orchestrators: readonly { readonly shards: readonly { readonly pid: number }[] }[];
    readonly models: readonly { readonly name: string; readonly pid: number }[];
  }[];
}

/** One story: every test goes on where the one before it ended. */
describe('faults in the window', () => {
  let editor: Editor;
  const stopped: number[] = [];
  keepFailures(() => editor);

  before(async function () {
    this.timeout(120_000);
    editor = await openEditor({
      workspace: 'test/fixtures/workspace',
      prepare: (folder) => {
        writeFileSync(path.join(folder, 'wave.smartsim.yaml'), experiment);
      },
    });
  });
  after(async () => {
    for (const pid of stopped.splice(0)) process.kill(pid, 'SIGCONT');
    await editor.ssw('down', 'wave.smartsim.yaml', '--force').catch(() => undefined);
    await editor.close();
  });

  const run = async (): Promise<Status['runs'][number]> => {
    const { runs } = JSON.parse(await editor.ssw('status', 'wave.smartsim.yaml', '--json')) as Status;
    assert.ok(runs[0], 'a run is known');
    return runs[0];
  };
  const lastShard = async (): Promise<{ readonly name: string; readonly pid: number }> => {
    const found = (await run()).orchestrators[0]?.shards[shards - 1];
    assert.ok(found);
    return { name: `orchestrator_${shards - 1}`, pid: found.pid };
  };
  /** The latest one, by the record of the run. */
  const supervisor = async (): Promise<number> => {
    const journal = path.join(editor.folder, 'wave/.smartsim/workbench', (await run()).id, 'journal.jsonl');
    const pids = [
      ...readFileSync(journal, 'utf8').matchAll(/"type":"(?:supervisor-started|run-adopted)".*?"pid":(\d+)/g),
    ];
    return Number(pids.at(-1)?.[1]);
  };
  const toasts = () => editor.window.toast('wave');

  it('shows all shards of an orchestrator while they serve', async () => {
    const { window } = editor;
    await window.showContainer('SmartSim');
    await window.rowAction('Experiments', 'wave', 'Launch Experiment');
    await window.row('Models', 'viewer').filter({ hasText: 'Running' }).waitFor();
    const last = `orchestrator_${shards - 1}`;
    await window.row('Orchestrators', last).filter({ hasText: '0 keys' }).waitFor();
    await window.clearToasts();
    await window.keepPictures('orchestrator-up');
  });

  it('shows that a stopped shard does not answer, and that it answers again', async () => {
    const { window } = editor;
    const { name, pid } = await lastShard();
    stopped.push(pid);
    process.kill(pid, 'SIGSTOP');
    await window.row('Orchestrators', name).filter({ hasText: 'not answering since' }).waitFor();
    await window.row('Orchestrators', 'wave').filter({ hasText: 'Degraded' }).waitFor();
    assert.match(await window.hoverText('Orchestrators', name), /kill -CONT/);
    await window.keepPictures('shard-not-answering');
    process.kill(pid, 'SIGCONT');
    stopped.pop();
    await window.row('Orchestrators', 'wave').filter({ hasText: 'Ready' }).waitFor();
    await window.row('Orchestrators', name).filter({ hasText: '0 keys' }).waitFor();
  });

  it('shows a killed shard with its cause, and restarts it', async () => {
    const { window } = editor;
    const { name, pid } = await lastShard();
    process.kill(pid, 'SIGKILL');
    await window.row('Orchestrators', name).filter({ hasText: 'killed by SIGKILL' }).waitFor();
    assert.match(await window.hoverText('Orchestrators', name), /killed by SIGKILL/);
    await window.keepPictures('shard-killed');
    await window.rowMenu('Orchestrators', name, 'Restart Shard');
    await window.row('Orchestrators', name).filter({ hasText: '0 keys' }).waitFor();
    await window.row('Orchestrators', 'wave').filter({ hasText: 'Ready' }).waitFor();
    assert.notEqual((await lastShard()).pid, pid);
  });

  it('asks before it restarts a shard that holds something', async () => {
    const { window } = editor;
    const { name, pid } = await lastShard();
    await window.rowMenu('Orchestrators', name, 'Restart Shard');
    await window.dialog('is lost').waitFor();
    await window.keepPictures('restart-question');
    await window.dialogButton('Cancel');
    assert.equal((await lastShard()).pid, pid);
    await window.rowMenu('Orchestrators', name, 'Restart Shard');
    await window.dialogButton('Restart');
    await until('another process', async () => (await lastShard()).pid !== pid);
  });

  it('has told none of that in notifications, because its views showed it', async () => {
    assert.equal(await toasts().count(), 0);
  });

  it('tells the failure of a model once when no view shows it', async () => {
    const { window } = editor;
    await window.runCommand('View: Show Explorer');
    await window.view('Orchestrators').waitFor({ state: 'hidden' });
    const viewer = (await run()).models.find(({ name }) => name === 'viewer');
    assert.ok(viewer);
    process.kill(viewer.pid, 'SIGKILL');
    await window.toast('Model viewer failed').waitFor();
    await window.keepPictures('model-failed-toast');
    assert.equal(await toasts().count(), 1);
    await window.toastButton('Model viewer failed', 'Restart');
    await window.clearToasts();
    await until('the model runs', async () =>
      (await run()).models.some(({ name, pid }) => name === 'viewer' && pid > 0),
    );
  });

  it('offers to take over a run whose supervisor was killed, and goes on with it', async () => {
    const { window } = editor;
    const { pid } = await lastShard();
    process.kill(await supervisor(), 'SIGKILL');
    await window.toast('The supervisor of wave was killed').waitFor();
    await window.keepPictures('supervisor-lost-toast');
    await window.toastButton('The supervisor of wave was killed', 'Take Over');
    await window.statusItem('wave').waitFor();
    assert.equal((await lastShard()).pid, pid);
    await window.clearToasts();
  });

  it('offers the same in the views, and stops what is left', async () => {
    const { window } = editor;
    await window.showContainer('SmartSim');
    await window.row('Orchestrators', 'wave').filter({ hasText: 'Ready' }).waitFor();
    process.kill(await supervisor(), 'SIGKILL');
    await window.row('Orchestrators', 'wave').filter({ hasText: 'Lost' }).waitFor();
    await window.row('Experiments', 'wave').filter({ hasText: 'Lost' }).first().hover();
    await window.keepPictures('supervisor-lost');
    assert.equal(await toasts().count(), 0);
    await window.rowAction('Orchestrators', 'wave', 'Take Over Run');
    await window.row('Orchestrators', 'wave').filter({ hasText: 'Ready' }).waitFor();
    process.kill(await supervisor(), 'SIGKILL');
    await window.row('Experiments', 'wave').filter({ hasText: 'Lost' }).first().waitFor();
    await window.rowAction('Experiments', 'wave', 'Stop Experiment');
    await until(
      'nothing is left',
      () => leftovers({ below: [path.join(editor.folder, 'wave')] }).processes.length === 0,
    );
    await window
      .row('Experiments', 'wave')
      .filter({ hasText: 'Lost' })
      .first()
      .waitFor({ state: 'detached' });
    await window.keepPictures('lost-and-stopped');
  });
});
