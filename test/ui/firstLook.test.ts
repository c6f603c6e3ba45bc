import assert from 'node:assert/strict';
import { keepFailures, openEditor, type Editor } from './editor';

describe('the window with the extension installed', () => {
  let editor: Editor;
  keepFailures(() => editor);
  before(async function () {
    this.timeout(120_000);
    editor = await openEditor({ workspace: 'examples/quickstart' });
  });
  after(() => editor.close());

  it('shows one icon of ours', async () => {
    assert.equal(await editor.window.containerIcon('SmartSim').count(), 1);
  });

  it('lists our commands in the palette', async () => {
    // A palette that is opened before the window has asked whether the folder is trusted keeps what it showed then.
    for (let attempt = 1; ; attempt += 1) {
      const rows = await editor.window.palette('SmartSim: Launch Experiment');
      if (await rows.filter({ hasText: 'SmartSim: Launch Experiment' }).isVisible()) break;
      assert.ok(attempt < 20, 'the palette never shows Launch Experiment');
      await editor.window.page.keyboard.press('Escape');
    }
    await editor.window.keepPictures('palette');
    await editor.window.page.keyboard.press('Escape');
  });
});
