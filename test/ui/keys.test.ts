import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { writeKeysOfAllKinds } from '../support/keysOfAllKinds';
import { until } from '../support/startedRun';
import { RespClient } from '../support/respClient';
import { keepFailures, openEditor, type Editor } from './editor';

const experiment = `version: 1
experiment: keys
orchestrator: {port: auto, interface: lo}
models:
  waits: {run_settings: {exe: sleep, exe_args: ["600"]}}
`;

interface StatusOutput {
  readonly runs: readonly {
    readonly orchestrators: readonly { readonly shards: readonly { readonly port: number }[] }[];
  }[];
}

/** One story: every test goes on where the one before it ended. */
describe('the keys of a deployment in the window', () => {
  let editor: Editor;
  let client: RespClient;
  keepFailures(() => editor);

  before(async function () {
    this.timeout(120_000);
    editor = await openEditor({
      workspace: 'examples/quickstart',
      prepare(folder) {
        writeFileSync(path.join(folder, 'heat.smartsim.yaml'), experiment);
      },
      settings: { 'workbench.editor.enablePreview': true },
    });
  });
  after(async () => {
    client.close();
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

  it('says that the database of a launched run is empty', async () => {
    const { window } = editor;
    await window.runCommand('SmartSim: Launch Experiment');
    await window.row('Models', 'waits').filter({ hasText: 'Running' }).waitFor();
    await window.welcome('Keys').getByText('This database holds no keys.').waitFor();
    await window.keepPictures('keys-empty');
    for (const view of ['Experiments', 'Orchestrators', 'Models']) await window.collapseView(view);
  });

  it('shows keys that come meanwhile, by SmartRedis’ own grammar', async () => {
    const { window } = editor;
    const { runs } = JSON.parse(await editor.ssw('status', 'heat.smartsim.yaml', '--json')) as StatusOutput;
    const port = runs[0]?.orchestrators[0]?.shards[0]?.port;
    assert.ok(port !== undefined);
    client = await RespClient.connect(port);
    await writeKeysOfAllKinds(client);
    await window.expandRow('Keys', 'ocean.');
    await window.expandRow('Keys', 'surface');
    await window.expandRow('Keys', 'settings.');
    await window.row('Keys', 'temperature').filter({ hasText: 'FLOAT 8 × 16' }).waitFor();
    await window.row('Keys', 'velocity_2').filter({ hasText: 'FLOAT 3 × 64 × 64 · 48 KiB' }).waitFor();
    await window.row('Keys', 'snapshots').filter({ hasText: '2 datasets' }).waitFor();
    const labels = await window.rowLabels('Keys');
    assert.ok(labels.indexOf('velocity_2') < labels.indexOf('velocity_10'), labels.join());
    await window.keepPictures('keys-kinds');
  });

  it('shows names that are no text, or not as they seem, as they are', async () => {
    const { window } = editor;
    await window.viewAction('Keys', 'Collapse All');
    for (const name of [
      String.raw`\xff\x00\xfe\x0a`,
      '<img src=x onerror=alert(1)>',
      String.raw`right\u{202e}to left`,
    ])
      await window.row('Keys', name).waitFor();
    await window.row('Keys', '(empty name)').waitFor();
    await window.row('Keys', '[link](command:workbench.action.quit)').waitFor();
    await window.keepPictures('keys-names');
  });

  it('tells all that is known of a key where the pointer rests', async () => {
    const { window } = editor;
    await window.expandRow('Keys', 'ocean.');
    const text = await window.hoverText('Keys', 'velocity_2');
    assert.match(text, /ocean\.velocity_2[^]*Tensor[^]*Shape: 3 × 64 × 64[^]*Size: 48 KiB \(49,152 bytes\)/);
    await window.hoverText('Keys', '[link](command:workbench.action.quit)');
  });

  it('shows what a key holds as a read-only document', async () => {
    const { window } = editor;
    await window.row('Keys', 'velocity_2').click();
    await window.editorText.getByText('FLOAT 3 × 64 × 64').waitFor();
    await window.keepPictures('keys-tensor');
  });

  it('shows a slice, which is checked while it is typed', async () => {
    const { window } = editor;
    await window.rowMenu('Keys', 'velocity_2', 'Show Slice…');
    await window.type('[0, 70]');
    await window.page.getByText('dimension 1 has no index 70').waitFor();
    await window.keepPictures('keys-slice-refused');
    await window.answer('[0, 0, ::32]');
    await window.editorText.getByText('2 of').waitFor();
  });

  it('shows JSON as such, and bytes as an array', async () => {
    const { window } = editor;
    await window.expandRow('Keys', 'settings.');
    await window.rowMenu('Keys', 'json', 'View As…');
    await window.choose('JSON');
    await window.editorText.getByText('"viscosity"').waitFor();
    await window.keepPictures('keys-json');
  });

  it('shows only keys that fit a filter', async () => {
    const { window } = editor;
    await window.viewAction('Keys', 'Filter Keys…');
    await window.answer('veloc');
    await window.row('Keys', 'settings.').waitFor({ state: 'detached' });
    await window.keepPictures('keys-filtered');
    await window.viewAction('Keys', 'Filter Keys…');
    await window.answer('nowhere');
    await window.welcome('Keys').getByText('No key fits the filter.').waitFor();
    await window.keepPictures('keys-no-match');
    await window.welcomeButton('Keys', 'Clear Key Filter').click();
    await window.row('Keys', 'settings.').waitFor();
  });

  it('goes to a key by its name', async () => {
    const { window } = editor;
    await window.runCommand('SmartSim: Go to Key…');
    await window.answer('ocean.{surface}.salinity');
    await window.editorText.getByText('DOUBLE 8 × 16').waitFor();
    await window.row('Keys', 'salinity').waitFor();
  });

  it('copies names, one a line, also long ones; bytes that are no text as they are shown', async () => {
    const { window } = editor;
    const long = `long_${'x'.repeat(5000)}`;
    await client.send('SET', long, '1');
    await window.row('Keys', 'long_').waitFor();
    await window.selectRows('Keys', ['velocity_10', 'velocity_2', 'long_']);
    await window.page.keyboard.press('Control+C');
    await window.statusItem('Copied 3 names').waitFor();
    assert.deepEqual((await window.clipboard()).split('\n').sort(), [
      long,
      ...['ocean.velocity_10', 'ocean.velocity_2'],
    ]);
    await window.rowMenu('Keys', String.raw`\xff\x00\xfe\x0a`, 'Copy Key');
    await window.statusItem('Copied \\xff').waitFor();
    assert.equal(await window.clipboard(), String.raw`\xff\x00\xfe\x0a`);
    await window.keepPictures('keys-copied');
  });

  for (const [language, code] of [
    ['Python', /client\.get_tensor\("ocean\.mask"\)/],
    ['C++', /std::string name\("ocean\.mask", 10\);[^]*client\.get_tensor\(name/],
    ['C', /const char name\[\] = "ocean\.mask";[^]*get_tensor\(client, name/],
    ['Fortran', /program reader[^]*ocean\.mask[^]*client%unpack_tensor\(/],
  ] as const)
    it(`copies a program that reads a key, in ${language}`, async () => {
      const { window } = editor;
      await window.rowSubmenu('Keys', 'mask', 'Copy Code', `Copy ${language} Code`);
      await window.statusItem(`Copied ${language} code`).waitFor();
      assert.match(await window.clipboard(), code);
    });

  it('orders rows by size and kind, and by name again', async () => {
    const { window } = editor;
    await window.viewMenu('Keys', 'Sort Keys by…');
    await window.choices.filter({ hasText: 'shown now' }).filter({ hasText: 'Name' }).waitFor();
    await window.keepPictures('keys-sort');
    await window.choose('Size');
    const order = (above: string, below: string): Promise<void> =>
      until(`${above} is above ${below}`, async () => {
        const labels = await window.rowLabels('Keys');
        return labels.includes(above) && labels.indexOf(above) < labels.indexOf(below);
      });
    await order('velocity_10', 'mask');
    await window.viewMenu('Keys', 'Sort Keys by…');
    await window.choose('Kind');
    await order('snapshots', 'mask');
    await window.viewMenu('Keys', 'Sort Keys by…');
    await window.choose('Name');
    await order('mask', 'velocity_10');
  });

  it('shows only keys of a kind', async () => {
    const { window } = editor;
    await window.viewMenu('Keys', 'Filter Keys by Kind…');
    await window.choices.filter({ hasText: 'Sorted set' }).waitFor();
    await window.keepPictures('keys-kinds-to-filter');
    await window.choose('Tensor');
    await window.row('Keys', 'settings.').waitFor({ state: 'detached' });
    await window.message('Keys').filter({ hasText: 'Filter: Tensor' }).waitFor();
    await window.row('Keys', 'scalar').waitFor();
    await window.keepPictures('keys-of-a-kind');
    await window.viewMenu('Keys', 'Clear Key Filter');
    await window.row('Keys', 'settings.').waitFor();
  });

  it('deletes a folder after one question that says what would go', async () => {
    const { window } = editor;
    await window.rowMenu('Keys', 'settings.', 'Delete Folder');
    await window.dialog('Delete settings. with its 6 keys?').waitFor();
    await window.keepPictures('keys-delete');
    await window.dialogButton('Delete');
    await window.row('Keys', 'settings.').waitFor({ state: 'detached' });
    assert.equal(await client.send('EXISTS', 'settings.json'), 0);
    assert.equal(await client.send('EXISTS', 'ocean.mask'), 1);
  });

  it('shows the same in a narrow side bar', async () => {
    const { window } = editor;
    await window.narrowSideBar(190);
    await window.keepPictures('keys-narrow');
  });

  it('says so when the database has ended', async () => {
    const { window } = editor;
    await editor.ssw('down', 'heat.smartsim.yaml');
    await window.welcome('Keys').getByText('No database is running.').waitFor();
  });
});
