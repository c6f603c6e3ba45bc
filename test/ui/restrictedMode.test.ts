import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdtempSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { writeManifest } from '../support/manifestOf';
import { projectRoot } from '../support/projectRoot';
import { leftovers } from '../oracle/leftovers.mjs';
import { keepFailures, openEditor, type Editor } from './editor';

describe('a workspace that is not trusted', () => {
  let editor: Editor;
  let calls: string;
  /** Of whoever came to a port that the workspace and the environment name as a database. */
  let visits = 0;
  const named = createServer((socket) => {
    visits += 1;
    socket.destroy();
  });
  keepFailures(() => editor);

  before(async function () {
    this.timeout(120_000);
    const notes = mkdtempSync(path.join(process.env['TEST_TEMPORARY'] ?? os.tmpdir(), 'calls-'));
    calls = path.join(notes, 'calls');
    named.listen(0, '127.0.0.1');
    await once(named, 'listening');
    const { port } = named.address() as AddressInfo;
    editor = await openEditor({
      workspace: 'examples/quickstart',
      prepare: (folder) => {
        writeManifest(folder, port);
      },
      workspaceTrust: true,
      settings: { 'security.workspace.trust.startupPrompt': 'never' },
      environment: {
        PATH: `${path.join(projectRoot, 'test/fixtures/servers')}:${process.env['PATH'] ?? ''}`,
        SSDB: `127.0.0.1:${port}`,
        CALLS: calls,
        HOLD: path.join(notes, 'hold'),
      },
    });
  });
  after(async () => {
    await editor.close();
    named.close();
  });

  it('is said to be so in every view', async () => {
    const { window } = editor;
    await window.showContainer('SmartSim');
    await window.view('Experiments').getByText('Restricted Mode: files are checked').waitFor();
    await window.welcome('Orchestrators').getByText('This workspace is not trusted.').waitFor();
    await window.welcome('Models').getByText('This workspace is not trusted.').waitFor();
    await window.row('Experiments', 'heat').waitFor();
  });

  it('has its files checked, and offers trust in place of a launch', async () => {
    const { window } = editor;
    await window.openFile('heat.smartsim.yaml');
    await window.codeLens('Trust this workspace to launch').waitFor();
    await window.keepPictures('restricted');
    await window.replaceLine(4, 'experimentt: heat');
    await (await window.problems()).filter({ hasText: 'experimentt' }).first().waitFor();
    await window.runCommand('File: Revert File');
  });

  it('runs nothing: no program was called and no process is there', () => {
    assert.ok(!existsSync(calls), 'the server program was called');
    assert.deepEqual(leftovers({ below: [path.join(editor.folder, 'heat')] }).processes, []);
  });

  it('is connected to no database that it or the environment names', async () => {
    const { window } = editor;
    await window.expandView('Keys');
    await window.welcome('Keys').getByText('This workspace is not trusted.').waitFor();
    await window.runCommand('SmartSim: Refresh');
    assert.equal(await window.row('Orchestrators', 'SSDB').count(), 0);
    assert.equal(visits, 0);
  });

  it('works as soon as it is trusted', async () => {
    const { window } = editor;
    await window.welcomeButton('Orchestrators', 'Manage Workspace Trust').click();
    await window.trustFolder();
    await window.codeLens(/Launch$/).click();
    await window.row('Models', 'consumer').filter({ hasText: 'Running' }).waitFor();
    assert.ok(existsSync(calls), 'now the server program is called');
    await editor.ssw('down', 'heat.smartsim.yaml');
  });
});
