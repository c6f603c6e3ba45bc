import assert from 'node:assert/strict';
import path from 'node:path';
import * as vscode from 'vscode';
import type { WorkbenchApi } from '../../src/extension/composition';
import { commandId } from '../../src/extension/contributions';
import type { ViewNode } from '../../src/extension/views/viewNode';
import { leftoversOf } from '../support/leftovers';
import { bring, find, ssw, until, workbench } from './support';

describe('an experiment in the window', function () {
  this.timeout(60_000);
  let api: WorkbenchApi;
  let file: vscode.Uri;

  before(async () => {
    api = await workbench();
    file = bring('live.smartsim.yaml');
    bring('stays.mjs');
    await vscode.commands.executeCommand('smartsim.experiments.focus');
    await until('the file in the view', experiment);
  });

  after(async () => {
    if (experiment()?.capabilities.includes('canStop')) {
      await vscode.commands.executeCommand(commandId.stopExperiment, file);
    }
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('can be launched from its view and from a lens before it runs', async () => {
    assert.ok(experiment()?.capabilities.includes('canLaunch'));
    await until('the lens Launch', await lens('Launch'));
  });

  it('runs after Launch, with its orchestrator and models in the views', async () => {
    await vscode.commands.executeCommand(commandId.launchExperiment, file);
    assert.ok(experiment()?.capabilities.includes('canStop'));
    assert.match(orchestrator()?.description ?? '', /^(Ready|Degraded) · 127\.0\.0\.1:\d+$/);
    await until('stays', () => model('stays')?.description === 'Running');
    await until('ends', () => (model('ends')?.description ?? '').startsWith('Completed · code 0 · '));
    await until('fails', () => (model('fails')?.description ?? '').startsWith('Failed · code 3 · '));
    assert.ok(model('fails')?.tooltip.length);
  });

  it('has Stop and the states in its lenses', async () => {
    await until('the lens Stop', await lens('Stop'));
    await until('the lens of a model', await lens('Running'));
  });

  it('measures its shard while the Orchestrators view is visible', async () => {
    await vscode.commands.executeCommand('smartsim.orchestrators.focus');
    await until('a measurement', () =>
      / [KM]iB · \d+ keys? · \d+ clients?$/.test(shard()?.description ?? ''),
    );
  });

  it('shows a stopped shard as not answering, and measures it again when it goes on', async () => {
    const pid = pidOf(shard());
    process.kill(pid, 'SIGSTOP');
    try {
      await until('the silence', () => shard()?.description?.startsWith('not answering since '));
      assert.match(orchestrator()?.description ?? '', /^Degraded · /);
      assert.equal(shard()?.icon.name, 'warning');
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    await until('an answer', () => / keys? · /.test(shard()?.description ?? ''));
  });

  it('opens the output of a model as a file', async () => {
    const subject = await until('the model', () => model('ends')?.subject);
    await vscode.commands.executeCommand(commandId.openOutput, subject);
    const document = vscode.window.activeTextEditor?.document;
    assert.match(document?.getText() ?? '', /^127\.0\.0\.1:\d+\n$/);
    assert.equal(document?.uri.scheme, 'file');
  });

  it('opens the error output of a model', async () => {
    await vscode.commands.executeCommand(commandId.openErrorOutput, model('fails')?.subject);
    assert.match(vscode.window.activeTextEditor?.document.getText() ?? '', /no lattice/);
  });

  it('reveals a model in the experiment file', async () => {
    await vscode.commands.executeCommand(commandId.revealInFile, model('fails')?.subject);
    const editor = vscode.window.activeTextEditor;
    assert.equal(editor?.document.uri.fsPath, file.fsPath);
    assert.equal(editor.document.getText(editor.selection), 'fails');
  });

  it('copies SSDB of the orchestrator', async () => {
    await vscode.commands.executeCommand(commandId.copySsdb, orchestrator()?.subject);
    assert.match(await vscode.env.clipboard.readText(), /^127\.0\.0\.1:\d+$/);
  });

  it('restarts a model that has ended', async () => {
    const before = model('fails')?.tooltip.join();
    await vscode.commands.executeCommand(commandId.restartModel, model('fails')?.subject);
    await until('the second end', () => {
      const now = model('fails');
      return now?.tooltip.join() !== before && (now?.description ?? '').startsWith('Failed · code 3');
    });
  });

  it('shows the death of a model with its cause', async () => {
    process.kill(pidOf(model('stays')), 'SIGKILL');
    const dead = await until('the death', () => {
      const node = model('stays');
      return node?.description?.startsWith('Failed') && node;
    });
    assert.ok(dead.tooltip.some((line) => line.includes('SIGKILL')));
  });

  it('shows the death of the server with its cause', async () => {
    process.kill(pidOf(shard()), 'SIGKILL');
    const dead = await until('the death', () => {
      const node = shard();
      return node?.description?.startsWith('Failed') && node;
    });
    assert.ok(dead.tooltip.some((line) => line.includes('SIGKILL')));
    assert.equal(orchestrator()?.icon.name, 'error');
  });

  it('keeps showing what failed, and can launch again', async () => {
    await until('the end of the run', () => experiment()?.capabilities.includes('canLaunch'));
    assert.equal(orchestrator()?.icon.name, 'error');
    await nothingIsLeft();
  });

  it('leaves nothing behind after Stop', async () => {
    await vscode.commands.executeCommand(commandId.launchExperiment, file);
    await until('stays', () => model('stays')?.description === 'Running');
    await vscode.commands.executeCommand(commandId.stopExperiment, file);
    await nothingIsLeft();
    await until('the end of the run', () => experiment()?.capabilities.includes('canLaunch'));
    assert.match(experiment()?.description ?? '', /^Stopped/);
    assert.match(model('stays')?.description ?? '', /^Cancelled/);
    assert.deepEqual(api.orchestrators(), []);
  });

  it('shows a run that was started and stopped in a terminal', async () => {
    ssw('up', file.fsPath, '--detach');
    await until('the run', () => experiment()?.capabilities.includes('canStop'));
    await until('its model', () => model('stays')?.description === 'Running');
    ssw('down', file.fsPath);
    await until('its end', () => experiment()?.description?.startsWith('Stopped'));
    await nothingIsLeft();
  });

  function experiment(): ViewNode | undefined {
    return find(
      api.experiments(),
      ({ subject }) => subject.kind === 'experiment' && subject.file === file.fsPath,
    );
  }

  function runNode(): ViewNode | undefined {
    return experiment()?.children[0];
  }

  async function nothingIsLeft(): Promise<void> {
    const subject = runNode()?.subject;
    assert.ok(subject?.kind === 'run');
    await until('the end of all processes', () => leftoversOf(subject.runId).length === 0);
  }

  function orchestrator(): ViewNode | undefined {
    return find(api.orchestrators(), ({ label }) => label === 'live');
  }

  function shard(): ViewNode | undefined {
    return orchestrator()?.children[0];
  }

  function model(name: string): ViewNode | undefined {
    return find(api.models(), ({ label }) => label === name);
  }

  /** Asks for the lenses anew at each call of the answer, since they come later than the state. */
  async function lens(title: string): Promise<() => boolean> {
    await vscode.window.showTextDocument(file);
    let seen = false;
    const look = async (): Promise<void> => {
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        file,
        100,
      );
      seen ||= lenses.some(({ command }) => command?.title.includes(title) === true);
    };
    return () => {
      void look();
      return seen;
    };
  }

  function pidOf(node: ViewNode | undefined): number {
    const line = node?.tooltip.find((text) => text.startsWith('Process: ')) ?? '';
    const pid = Number(line.slice('Process: '.length));
    assert.ok(pid > 1, `${path.basename(file.fsPath)}: ${line}`);
    return pid;
  }
});
