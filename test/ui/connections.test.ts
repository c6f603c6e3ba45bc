import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseServer } from '../support/databaseServer';
import { writeManifest } from '../support/manifestOf';
import { freeClusterPort } from '../support/freeClusterPort';
import { freePort } from '../support/freePort';
import { textOf } from '../support/respClient';
import { projectRoot } from '../support/projectRoot';
import { until } from '../support/startedRun';
import { keepFailures, openEditor, type Editor } from './editor';

const certificate = (name: string): string => path.join(projectRoot, 'test/fixtures/tls', name);

/** One story: every test goes on where the one before it ended. */
describe('databases that were not launched here', () => {
  const password = randomBytes(12).toString('hex');
  let editor: Editor;
  let found: DatabaseServer;
  let guarded: DatabaseServer;
  /** Of the database that the environment names, which is not there yet. */
  let namedPort: number;
  const others: DatabaseServer[] = [];
  keepFailures(() => editor);

  before(async function () {
    this.timeout(120_000);
    found = await DatabaseServer.start();
    await found.send('SET', 'pressure', '1');
    namedPort = await freePort();
    guarded = await DatabaseServer.start();
    await guarded.send('SET', 'humidity', '2');
    await guarded.send('CONFIG', 'SET', 'requirepass', password);
    editor = await openEditor({
      workspace: 'examples/quickstart',
      prepare: (folder) => {
        writeManifest(folder, found.port);
      },
      environment: { SSDB: `127.0.0.1:${namedPort}` },
    });
  });
  after(async () => {
    await editor.close();
    await Promise.all([found, guarded, ...others].map((server) => server.stop()));
  });

  /** Another server, which ends with the others. */
  async function another(...args: Parameters<typeof DatabaseServer.start>): Promise<DatabaseServer> {
    const server = await DatabaseServer.start(...args);
    others.push(server);
    return server;
  }

  async function connectTo(address: string): Promise<void> {
    await editor.window.runCommand('SmartSim: Connect to Database…');
    await editor.window.answer(address);
  }

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
    await window.page.getByText('host:port, several with commas').waitFor();
    await window.keepPictures('connect-by-address');
    await window.answer(`127.0.0.1:${guarded.port}`);
    await window.page.getByText(`User of 127.0.0.1:${guarded.port}`).waitFor();
    await window.answer('');
    await window.page.getByText(`Password for 127.0.0.1:${guarded.port}`).waitFor();
    await window.keepPictures('connect-password');
    await window.page.keyboard.type('a wrong one');
    await window.page.keyboard.press('Enter');
    await window.page.getByText('refused the user or the password').waitFor();
    await window.keepPictures('connect-wrong-password');
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

  it('are chosen among all that are known', async () => {
    const { window } = editor;
    await window.viewAction('Keys', 'Choose Database…');
    await window.choices
      .filter({ hasText: String(guarded.port) })
      .filter({ hasText: 'shown now' })
      .waitFor();
    await window.keepPictures('databases-to-choose');
    await window.choose('coupled');
    await window.row('Keys', 'pressure').waitFor();
  });

  it('say that they want a login, and ask for it where somebody clicks', async () => {
    const { window } = editor;
    const named = await another([], namedPort);
    await named.send('HSET', 'limits', 'low', '1');
    await named.send('SET', 'wind', '3');
    await named.send('ACL', 'SETUSER', 'ada', 'on', `>${password}`, '~*', '+@all', '-hlen');
    await named.send('CONFIG', 'SET', 'requirepass', password);
    await window.viewAction('Keys', 'Refresh');
    await window.row('Orchestrators', 'SSDB').filter({ hasText: 'attached' }).waitFor();
    for (const row of [String(guarded.port), 'coupled'])
      await window.rowMenu('Orchestrators', row, 'Disconnect');
    await window.welcome('Keys').getByText('The database wants another user or password.').waitFor();
    await window.row('Orchestrators', 'SSDB').filter({ hasText: 'wants a login' }).waitFor();
    await window.keepPictures('keys-login');
    await window.welcomeButton('Keys', 'Log In…').click();
    await window.page.getByText(`User of SSDB`).waitFor();
    await window.answer('ada');
    await window.page.getByText(`Password for SSDB`).waitFor();
    await window.page.keyboard.type(password);
    await window.page.keyboard.press('Enter');
    await window.row('Keys', 'wind').waitFor();
  });

  it('are shown as far as the rights of a user go, and the right that is missing is named', async () => {
    const { window } = editor;
    await window.row('Keys', 'limits').filter({ hasText: 'partly unknown' }).waitFor();
    assert.match(await window.hoverText('Keys', 'limits'), /Rights that are missing: HLEN/);
    await window.row('Keys', 'limits').click();
    await window.editorText.getByText('Rights that are missing').waitFor();
    await window.keepPictures('rights-missing');
  });

  it('are connected to over TLS where they hang up on plain words, with the authority that is chosen', async () => {
    const { window } = editor;
    const port = await freePort();
    const server = await another([
      ...[
        '--tls-port',
        String(port),
        '--tls-auth-clients',
        'no',
        '--tls-ca-cert-file',
        certificate('ca.pem'),
      ],
      ...['--tls-cert-file', certificate('server.pem'), '--tls-key-file', certificate('server.key')],
    ]);
    await server.send('SET', 'salinity', '4');
    await connectTo(`127.0.0.1:${port}`);
    await window.dialog('closed the connection without an answer').waitFor();
    await window.keepPictures('connect-tls');
    await window.dialogButton('Connect with TLS');
    await window.dialog('The TLS connection to').waitFor();
    await window.keepPictures('connect-authority');
    await window.dialogButton('Choose CA Certificate');
    await window.chooseFile(certificate('otherCa.pem'));
    await window.toast('The TLS connection to').waitFor();
    await window.keepPictures('connect-wrong-authority');
    await window.clearToasts();
    await connectTo(`rediss://127.0.0.1:${port}`);
    await window.dialog('The TLS connection to').waitFor();
    await window.dialogButton('Choose CA Certificate');
    await window.chooseFile(certificate('ca.pem'));
    await window.row('Keys', 'salinity').waitFor();
  });

  it('are asked about once where a cluster leads to other hosts', async () => {
    const { window } = editor;
    const settings = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '1000'];
    const elsewhere = '127.0.0.3';
    const [near, far] = [await freeClusterPort(), await freeClusterPort()];
    const first = await another(settings, near);
    const second = await another(
      [...settings, '--bind', '127.0.0.1', elsewhere, '--cluster-announce-ip', elsewhere],
      far,
    );
    await first.send('CLUSTER', 'ADDSLOTSRANGE', 0, 8191);
    await second.send('CLUSTER', 'ADDSLOTSRANGE', 8192, 16383);
    await second.send('CLUSTER', 'SET-CONFIG-EPOCH', 2);
    await second.send('CLUSTER', 'MEET', '127.0.0.1', near);
    await until('they are a cluster', async () => {
      const told = await Promise.all([first, second].map((server) => server.send('CLUSTER', 'INFO')));
      return told.every((info) => info instanceof Uint8Array && textOf(info).includes('cluster_state:ok'));
    });
    await second.send('SET', 'a', '1');
    await first.send('SET', 'b', '1');
    await connectTo(`127.0.0.1:${near}`);
    await window.dialog('has servers on other hosts').filter({ hasText: elsewhere }).waitFor();
    await window.keepPictures('connect-other-hosts');
    await window.dialogButton('Connect to Them');
    await window.description('Keys').filter({ hasText: '2 keys' }).waitFor();
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
