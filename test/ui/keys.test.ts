import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { keepFailures, openEditor, type Editor } from './editor';

/** The quickstart lasts half a minute; a story with pictures takes longer. */
function neverEnding(folder: string): void {
  const file = path.join(folder, 'heat.smartsim.yaml');
  const text = readFileSync(file, 'utf8');
  const longer = text.replace('--steps, "2000"', '--steps, "2000000"');
  assert.notEqual(longer, text);
  writeFileSync(file, longer);
}

/** One story: every test goes on where the one before it ended. */
describe('the keys of a deployment in the window', () => {
  let editor: Editor;
  keepFailures(() => editor);

  before(async function () {
    this.timeout(120_000);
    editor = await openEditor({ workspace: 'examples/quickstart', prepare: neverEnding });
  });
  after(async () => {
    await editor.ssw('down', 'heat.smartsim.yaml');
    await editor.close();
  });

  it('says that there is no database while nothing runs', async () => {
    const { window } = editor;
    await window.showContainer('SmartSim');
    await window.expandView('Keys');
    await window.welcome('Keys').getByText('No database is running.').waitFor();
    await window.keepPictures('keys-none');
  });

  it('shows the keys of the orchestrator that is launched', async () => {
    const { window } = editor;
    await window.runCommand('SmartSim: Launch Experiment');
    await window.row('Models', 'simulation').filter({ hasText: 'Running' }).waitFor();
    await window.collapseView('Experiments');
    await window.collapseView('Models');
    await window.row('Keys', 'simulation').first().waitFor();
    await window.keepPictures('keys-launched');
  });
});
