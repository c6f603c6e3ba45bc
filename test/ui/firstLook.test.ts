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
    const rows = await editor.window.palette('SmartSim: Launch Experiment');
    assert.ok(await rows.filter({ hasText: 'SmartSim: Launch Experiment' }).first().isVisible());
    await editor.window.keepPictures('palette');
    await editor.window.page.keyboard.press('Escape');
  });
});
