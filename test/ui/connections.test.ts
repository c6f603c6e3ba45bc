import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseServer } from '../support/databaseServer';
import { writeManifest } from '../support/manifestOf';
import { keepFailures, openEditor, type Editor } from './editor';

/** One story: every test goes on where the one before it ended. */
describe('databases that were not launched here', () => {
  const password = randomBytes(12).toString('hex');
  let editor: Editor;
  let found: DatabaseServer;
  let guarded: DatabaseServer;
  keepFailures(() => editor);

  before(async function () {
    this.timeout(120_000);
    found = await DatabaseServer.start();
    await found.send('SET', 'pressure', '1');
    guarded = await DatabaseServer.start();
    await guarded.send('SET', 'humidity', '2');
    await guarded.send('CONFIG', 'SET', 'requirepass', password);
    editor = await openEditor({
      workspace: 'examples/quickstart',
      prepare: (folder) => {
        writeManifest(folder, found.port);
      },
    });
  });
  after(async () => {
    await editor.close();
    await found.stop();
    await guarded.stop();
  });

  it('are there without a form where SmartSim has recorded them', async () => {
    const { window } = editor;
    await window.showContainer('SmartSim');
    await window.collapseView('Experiments');
    await window.collapseView('Models');
    await window.expandView('Keys');
    await window.row('Orchestrators', 'coupled').filter({ hasText: 'found in the workspace' }).waitFor();
    await window.row('Keys', 'pressure').waitFor();
    await window.row('Orchestrators', 'coupled').filter({ hasText: 'connected, read-only' }).waitFor();
  });

  it('are connected to by their address, and asked for a password only where they want one', async () => {
    const { window } = editor;
    await window.runCommand('SmartSim: Connect to Database…');
    await window.answer(`127.0.0.1:${guarded.port}`);
    await window.page.getByText(`User of 127.0.0.1:${guarded.port}`).waitFor();
    await window.answer('');
    await window.page.getByText(`Password for 127.0.0.1:${guarded.port}`).waitFor();
    await window.page.keyboard.type(password);
    await window.page.keyboard.press('Enter');
    await window.row('Keys', 'humidity').waitFor();
    await window
      .row('Orchestrators', String(guarded.port))
      .filter({ hasText: 'connected, read-only · remembered' })
      .waitFor();
    await window.keepPictures('connections');
  });

  it('are unlocked after one question that names them', async () => {
    const { window } = editor;
    await window.rowMenu('Orchestrators', String(guarded.port), 'Unlock Database for Changes');
    await window.dialogButton('Unlock');
    await window
      .row('Orchestrators', String(guarded.port))
      .filter({ hasText: 'connected, unlocked' })
      .waitFor();
  });

  it('leave their passwords in no file of the workspace, the profile or the logs', () => {
    const everything = path.dirname(editor.folder);
    const files = readdirSync(everything, { recursive: true, withFileTypes: true }).filter((file) =>
      file.isFile(),
    );
    assert.ok(files.some(({ name }) => name.endsWith('.log')));
    for (const { name, path: folder } of files) {
      const file = path.join(folder, name);
      assert.ok(!readFileSync(file).includes(password), file);
    }
  });
});
