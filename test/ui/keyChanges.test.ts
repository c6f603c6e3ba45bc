import assert from 'node:assert/strict';
import { DatabaseServer } from '../support/databaseServer';
import { until } from '../support/startedRun';
import { writeManifest } from '../support/manifestOf';
import { keepFailures, openEditor, type Editor } from './editor';

/** One story: every test goes on where the one before it ended. */
describe('changes in a database that was not launched here', () => {
  let editor: Editor;
  let database: DatabaseServer;
  keepFailures(() => editor);

  before(async function () {
    this.timeout(120_000);
    database = await DatabaseServer.start(['--enable-debug-command', 'yes']);
    await writeKeys();
    editor = await openEditor({
      workspace: 'examples/quickstart',
      prepare: (folder) => {
        writeManifest(folder, database.port);
      },
    });
    const { window } = editor;
    await window.showContainer('SmartSim');
    for (const view of ['Experiments', 'Models']) await window.collapseView(view);
    await window.expandView('Keys');
    await window.row('Keys', 'pressure').waitFor();
  });
  after(async () => {
    await editor.close();
    await database.stop();
  });

  async function writeKeys(): Promise<void> {
    for (const name of ['pressure', 'humidity', 'wind_1', 'wind_2', 'wind_10'])
      await database.send('SET', name, '1');
    await database.send('HSET', '{tide}.meta', '.COMPLETE', '1');
    await database.send('SET', '{tide}.level', '1');
  }

  it('are refused with the reason until it is unlocked, which is one question', async () => {
    const { window } = editor;
    await window.description('Keys').filter({ hasText: 'coupled · 7 keys · read-only' }).waitFor();
    await window.row('Keys', 'pressure').click();
    await window.page.keyboard.press('Delete');
    await window.toast('is locked, so UNLINK was not sent').waitFor();
    await window.keepPictures('keys-locked');
    await window.toastButton('is locked', 'Unlock');
    await window.dialog('Unlock coupled for changes?').waitFor();
    await window.keepPictures('keys-unlock');
    await window.dialogButton('Unlock');
    await window.description('Keys').filter({ hasText: 'unlocked' }).waitFor();
    assert.equal(await database.send('EXISTS', 'pressure'), 1);
  });

  it('give a key another name, but never that of another key', async () => {
    const { window } = editor;
    await window.row('Keys', 'pressure').click();
    await window.page.keyboard.press('F2');
    await window.page.getByText('Rename Key').waitFor();
    await window.keepPictures('keys-rename');
    await window.answer('humidity');
    await window.toast('humidity').waitFor();
    await window.keepPictures('keys-rename-refused');
    await window.clearToasts();
    await window.rowMenu('Keys', 'pressure', 'Rename…');
    await window.answer(String.raw`pressure\x00`);
    await window.row('Keys', String.raw`pressure\x00`).waitFor();
    assert.equal(await database.send('EXISTS', 'pressure\0'), 1);
    assert.equal(await database.send('EXISTS', 'pressure'), 0);
  });

  it('rename a dataset with all of its keys', async () => {
    const { window } = editor;
    await window.rowMenu('Keys', 'tide', 'Rename…');
    await window.answer('flood');
    await window.row('Keys', 'flood').filter({ hasText: '1 tensor' }).waitFor();
    assert.equal(await database.send('EXISTS', '{flood}.meta', '{flood}.level'), 2);
  });

  it('have a key expire, and stay again', async () => {
    const { window } = editor;
    await window.rowMenu('Keys', 'humidity', 'Set Expiry…');
    await window.type('soon');
    await window.page.getByText('A number with s, min, h or d, such as 5 min; or never.').waitFor();
    await window.keepPictures('keys-expiry-refused');
    await window.answer('2 h');
    await window.row('Keys', 'humidity').filter({ hasText: 'until' }).waitFor();
    await window.statusItem('1 key set to expire').waitFor();
    await window.keepPictures('keys-expiry');
    const left = await database.send('TTL', 'humidity');
    assert.ok(typeof left === 'number' && left > 7000 && left <= 7200, String(left));
    await window.rowMenu('Keys', 'humidity', 'Set Expiry…');
    await window.answer('never');
    await window.row('Keys', 'humidity').filter({ hasNotText: 'until' }).waitFor();
    assert.equal(await database.send('TTL', 'humidity'), -1);
  });

  it('delete the keys that are selected together', async () => {
    const { window } = editor;
    await window.selectRows('Keys', ['wind_2', 'wind_10', 'flood']);
    await window.page.keyboard.press('Delete');
    await window.dialog('Delete 4 keys?').waitFor();
    await window.keepPictures('keys-delete-several');
    await window.dialogButton('Delete');
    for (const gone of ['wind_2', 'flood']) await window.row('Keys', gone).waitFor({ state: 'detached' });
    await window.statusItem('Deleted 4 keys').waitFor();
    await window.rowMenu('Keys', 'wind_1', 'Delete');
    await window.dialog('Delete wind_1?').waitFor();
    await window.keepPictures('keys-delete-one');
    await window.dialogButton('Delete');
    await window.row('Keys', 'wind_1').waitFor({ state: 'detached' });
    await window.statusItem('Deleted 1 key').waitFor();
    assert.equal(await database.send('DBSIZE'), 2);
  });

  it('are offered no more when it is locked again', async () => {
    const { window } = editor;
    await window.rowAction('Orchestrators', 'coupled', 'Lock Database');
    await window.description('Keys').filter({ hasText: 'read-only' }).waitFor();
    await until('offers to rename no key', async () => {
      await window.openRowMenu('Keys', 'humidity');
      await window.menuItem('Copy Key').waitFor();
      const offered = await window.menuItem('Rename…').isVisible();
      if (!offered) await window.keepPictures('keys-menu-locked');
      await window.page.keyboard.press('Escape');
      return !offered;
    });
  });

  it('are marked where it does not answer, and come again when it does', async () => {
    const { window } = editor;
    database.signal('SIGSTOP');
    await window.message('Keys').filter({ hasText: 'Stale since' }).waitFor();
    await window.keepPictures('keys-silent');
    database.signal('SIGCONT');
    await window.message('Keys').waitFor({ state: 'hidden' });
    await database.kill();
    await window.message('Keys').filter({ hasText: 'Stale since' }).waitFor();
    await window.keepPictures('keys-lost');
    await database.launch();
    await writeKeys();
    await window.row('Keys', 'wind_10').waitFor();
    await window.message('Keys').waitFor({ state: 'hidden' });
  });

  it('are not needed to see at which pace names are read, and to change that', async () => {
    const { window } = editor;
    await database.send('DEBUG', 'POPULATE', 1_000_000, 'sensor');
    await window.viewMenu('Keys', 'Rescan Keys');
    await window
      .message('Keys')
      .filter({ hasText: /of 1,000,00\d keys · kind pace/ })
      .waitFor();
    await window.keepPictures('keys-kind-pace');
    // At full speed it would be over before anybody has seen it.
    database.signal('SIGSTOP');
    await window.viewMenu('Keys', 'Scan Faster');
    await window.message('Keys').filter({ hasText: 'full speed' }).waitFor();
    database.signal('SIGCONT');
    await window.row('Keys', 'sensor:').filter({ hasText: '1,000,000 keys' }).waitFor();
    await window.viewMenu('Keys', 'Scan Kindly');
  });
});
