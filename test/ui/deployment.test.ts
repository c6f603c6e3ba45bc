import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { leftovers } from '../oracle/leftovers.mjs';
import { projectRoot } from '../support/projectRoot';
import { keepFailures, openEditor, type Editor } from './editor';

interface StatusOutput {
  readonly runs: readonly {
    readonly id: string;
    readonly phase: string;
    readonly orchestrators: readonly {
      readonly ssdb: string;
      readonly shards: readonly { readonly pid: number }[];
    }[];
    readonly models: readonly { readonly name: string; readonly pid: number; readonly status: string }[];
  }[];
}

/** The quickstart lasts half a minute; a story with pictures takes longer. */
function neverEnding(folder: string): void {
  const file = path.join(folder, 'heat.smartsim.yaml');
  const text = readFileSync(file, 'utf8');
  const longer = text.replace('--steps, "2000"', '--steps, "2000000"');
  assert.notEqual(longer, text);
  writeFileSync(file, longer);
}

const other = `version: 1
experiment: other
models:
  sleeps: {run_settings: {exe: sleep, exe_args: ["600"]}}
`;

/** One story in the order of a working day: every test goes on where the one before it ended. */
describe('a deployment in the window', () => {
  let editor: Editor;
  let hold: string;
  keepFailures(() => editor);

  before(async function () {
    this.timeout(120_000);
    const notes = mkdtempSync(path.join(process.env['TEST_TEMPORARY'] ?? os.tmpdir(), 'calls-'));
    hold = path.join(notes, 'hold');
    editor = await openEditor({
      workspace: 'examples/quickstart',
      prepare: neverEnding,
      environment: {
        PATH: `${path.join(projectRoot, 'test/fixtures/servers')}:${process.env['PATH'] ?? ''}`,
        CALLS: path.join(notes, 'calls'),
        HOLD: hold,
      },
    });
  });
  after(() => editor.close());

  const latestRun = async (): Promise<StatusOutput['runs'][number]> => {
    const { runs } = JSON.parse(await editor.ssw('status', 'heat.smartsim.yaml', '--json')) as StatusOutput;
    assert.ok(runs[0], 'a run is known');
    return runs[0];
  };

  /** Servers, models and supervisors live in the experiment's own folder, or name it. */
  const leftOfRuns = () => leftovers({ below: [path.join(editor.folder, 'heat')] }).processes;

  it('says that nothing runs', async () => {
    const { window } = editor;
    await window.showContainer('SmartSim');
    await window.row('Experiments', 'heat').waitFor();
    await window.welcome('Orchestrators').getByText('No orchestrator is running.').waitFor();
    await window.welcome('Models').getByText('No model is running.').waitFor();
    await window.keepPictures('nothing-runs');
  });

  it('is launched from the palette, with progress that can be cancelled and leaves nothing behind', async () => {
    const { window } = editor;
    writeFileSync(hold, '');
    await window.runCommand('SmartSim: Launch Experiment');
    await window.toast('Launching heat').waitFor();
    await window.toast('starting the orchestrator').waitFor();
    await window.keepPictures('launching');
    await window.toastButton('Launching heat', 'Cancel');
    await window.toast('The launch of heat was cancelled.').waitFor();
    rmSync(hold);
    assert.deepEqual(leftOfRuns(), []);
    await window.clearToasts();
  });

  it('shows its orchestrator and its models while they run', async () => {
    const { window } = editor;
    await window.runCommand('SmartSim: Launch Experiment');
    await window.row('Models', 'simulation').filter({ hasText: 'Running' }).waitFor();
    await window.row('Models', 'consumer').filter({ hasText: 'Running' }).waitFor();
    await window.row('Experiments', 'heat').filter({ hasText: 'Ready' }).first().waitFor();
    // The experiment was shut while it had no live run.
    await window.row('Experiments', 'Run of').waitFor();
    await window.statusItem('heat').waitFor();
    // Measured while the view is visible: the simulation has put its tensors into the database.
    await window
      .row('Orchestrators', 'orchestrator_0')
      .filter({ hasText: /[1-9]\d* keys/ })
      .waitFor();
    const run = await latestRun();
    assert.equal(run.phase, 'ready');
    assert.deepEqual(
      run.models.map(({ name, status }) => [name, status]),
      [
        ['simulation', 'Running'],
        ['consumer', 'Running'],
      ],
    );
    await window.keepPictures('running');
  });

  it('shows its state above the parts of the file', async () => {
    const { window } = editor;
    await window.openFile('heat.smartsim.yaml');
    await window.codeLens(/Stop$/).waitFor();
    await window.codeLens('Ready').first().waitFor();
    await window.codeLens('Running').first().waitFor();
    await window.keepPictures('code-lens');
  });

  it('opens what a model wrote', async () => {
    const { window } = editor;
    await window.rowAction('Models', 'consumer', 'Open Output');
    await window.editorText
      .getByText(/step\s+\d+/)
      .first()
      .waitFor();
    await window.keepPictures('output');
  });

  it('shows the end of a killed model with its cause, and starts it again', async () => {
    const { window } = editor;
    const consumer = (await latestRun()).models.find(({ name }) => name === 'consumer');
    assert.ok(consumer);
    process.kill(consumer.pid, 'SIGKILL');
    await window.row('Models', 'consumer').filter({ hasText: 'Failed' }).waitFor();
    await window.row('Experiments', 'heat').filter({ hasText: 'Degraded' }).first().waitFor();
    assert.match(await window.hoverText('Models', 'consumer'), /SIGKILL|signal 9|killed/i);
    await window.keepPictures('model-killed');
    await window.rowMenu('Models', 'consumer', 'Restart Model');
    await window.row('Models', 'consumer').filter({ hasText: 'Running' }).waitFor();
  });

  it('shows the end of a killed server with its cause', async () => {
    const { window } = editor;
    const [orchestrator] = (await latestRun()).orchestrators;
    const [shard] = orchestrator?.shards ?? [];
    assert.ok(shard);
    process.kill(shard.pid, 'SIGKILL');
    await window.row('Orchestrators', 'orchestrator_0').filter({ hasText: 'Failed' }).waitFor();
    assert.match(await window.hoverText('Orchestrators', 'orchestrator_0'), /SIGKILL|signal 9|killed/i);
    await window.keepPictures('server-killed');
  });

  it('is launched from its row and stopped there, and nothing is left of it', async () => {
    const { window } = editor;
    await window.rowAction('Experiments', 'heat', 'Launch Experiment');
    await window.row('Models', 'consumer').filter({ hasText: 'Running' }).waitFor();
    await window.rowAction('Experiments', 'heat', 'Stop Experiment');
    await window.row('Experiments', 'heat').filter({ hasText: 'Stopped' }).first().waitFor();
    await window.row('Models', 'consumer').filter({ hasText: 'Cancelled' }).waitFor();
    assert.deepEqual(leftOfRuns(), []);
    await window.keepPictures('stopped');
  });

  it('launches the selected row from the title of its view, whatever file is open', async () => {
    const { window } = editor;
    writeFileSync(path.join(editor.folder, 'other.smartsim.yaml'), other);
    await window.row('Experiments', 'other').click();
    await window.editorText.getByText('sleeps').first().waitFor();
    await window.openFile('heat.smartsim.yaml');
    await window.viewAction('Experiments', 'Launch Experiment');
    await window.row('Models', 'sleeps').filter({ hasText: 'Running' }).waitFor();
    await window.rowAction('Experiments', 'other', 'Stop Experiment');
    await window.row('Experiments', 'other').filter({ hasText: 'Stopped' }).first().waitFor();
    rmSync(path.join(editor.folder, 'other.smartsim.yaml'));
  });

  it('has the problems of unsaved text shown where they are, as ssw validate names them', async () => {
    const { window } = editor;
    await window.openFile('heat.smartsim.yaml');
    await window.replaceLine(4, 'experimentt: heat');
    await window.squiggles.first().waitFor();
    const problems = await window.problems();
    await problems.filter({ hasText: 'experimentt' }).first().waitFor();
    await window.keepPictures('problems');
    await window.runCommand('File: Revert File');
    await problems.filter({ hasText: 'experimentt' }).first().waitFor({ state: 'detached' });
  });

  it('tells why it cannot be launched', async () => {
    const { window } = editor;
    await window.openFile('heat.smartsim.yaml');
    await window.replaceLine(8, 'prot: auto');
    await window.runCommand('SmartSim: Launch Experiment');
    await window.toast('prot').waitFor();
    await window.keepPictures('refused');
  });
});
