import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { keepFailures, openEditor, type Editor } from './editor';

describe('the side bar when there is nothing to show', () => {
  let editor: Editor | undefined;
  keepFailures(() => editor);
  afterEach(() => editor?.close());

  it('asks for a folder where none is open', async function () {
    this.timeout(120_000);
    editor = await openEditor({});
    const { window } = editor;
    await window.showContainer('SmartSim');
    await window
      .welcome('Experiments')
      .getByText('Open the folder that holds your experiment files.')
      .waitFor();
    await window.welcomeButton('Experiments', 'Open Folder').waitFor();
    await window.keepPictures('no-folder');
  });

  it('offers an experiment file where there is none, and what it makes is sound', async function () {
    this.timeout(120_000);
    editor = await openEditor({ workspace: 'test/fixtures/workspaces/empty' });
    const { window } = editor;
    await window.showContainer('SmartSim');
    await window.welcome('Experiments').getByText('This workspace has no experiment file').waitFor();
    await window.keepPictures('no-experiment');
    await window.welcomeButton('Experiments', 'New Experiment File').click();
    await window.answer('plume');
    await window.editorText.getByText('version: 1').waitFor();
    await window.row('Experiments', 'plume').waitFor();
    await window.keepPictures('new-experiment');
    const { problems } = JSON.parse(await editor.ssw('validate', 'plume.smartsim.yaml', '--json')) as {
      problems: unknown[];
    };
    assert.deepEqual(problems, []);
  });

  it('offers to install a database server where none is found', async function () {
    this.timeout(120_000);
    const nowhere = mkdtempSync(path.join(process.env['TEST_TEMPORARY'] ?? os.tmpdir(), 'no-programs-'));
    editor = await openEditor({ workspace: 'examples/quickstart', environment: { PATH: nowhere } });
    const { window } = editor;
    await window.showContainer('SmartSim');
    await window.welcome('Orchestrators').getByText('No Redis or Valkey server was found').waitFor();
    await window.welcomeButton('Orchestrators', 'Install Database Server').waitFor();
    await window.keepPictures('no-server');
  });
});
