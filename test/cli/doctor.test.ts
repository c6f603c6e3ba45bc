import assert from 'node:assert/strict';
import { mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../support/projectRoot';
import { runCli, type CliOutcome } from '../support/runCli';
import { temporaryFolder } from '../support/temporaryFolder';

interface Told {
  readonly name: string;
  readonly found: boolean;
  readonly path?: string;
  readonly version?: string;
  readonly detail?: string;
  readonly remedy?: string;
}

function componentsOf({ out }: CliOutcome): readonly Told[] {
  return (JSON.parse(out) as { components: readonly Told[] }).components;
}

describe('ssw doctor', () => {
  const folder = temporaryFolder();

  function doctor(
    environment: Readonly<Record<string, string>>,
    ...words: readonly string[]
  ): Promise<CliOutcome> {
    const all = { HOME: folder.path, TMPDIR: folder.path, ...environment };
    return runCli(['doctor', ...words], { directory: folder.path, environment: all });
  }

  it('tells what is found', async () => {
    const outcome = await doctor({ PATH: process.env['PATH'] ?? '' }, '--json');
    assert.equal(outcome.exitCode, 0);
    const [node, server, ...others] = componentsOf(outcome);
    assert.deepEqual(node, {
      name: 'Node.js',
      found: true,
      path: process.execPath,
      version: process.versions.node,
    });
    assert.equal(server?.name, 'database server');
    assert.match(
      `${server.version} ${server.detail}`,
      /^\d+\.\d+\.\d+ (redis|valkey), from PATH; this one is used$/,
    );
    const names = new Set(others.map(({ name }) => name));
    for (const name of [
      'AI engine',
      'Python',
      'C compiler',
      'workload manager',
      'socket directory',
      'after logout',
    ])
      assert(names.has(name), name);
  });

  it('tells what to do about what is not found', async () => {
    const outcome = await doctor({ PATH: folder.path }, '--json');
    assert.equal(outcome.exitCode, 0);
    for (const name of ['database server', 'Python', 'C compiler']) {
      const component = componentsOf(outcome).find((one) => one.name === name);
      assert.equal(component?.found, false);
      assert(component.remedy !== undefined, name);
    }
  });

  it('says why a server that is there will not do', async () => {
    const fixtures = path.join(projectRoot, 'test/fixtures/site');
    const old = await doctor({ PATH: `${fixtures}/old` });
    assert.match(
      old.out,
      /^refused {2}database server {3}\(The server .*\/old\/redis-server has version 5\.0\.7; 6\.2 is the oldest that works\.\)\n +Install one \(/m,
    );
    const broken = await doctor({ PATH: `${fixtures}/broken` });
    assert.match(
      broken.out,
      /^refused .*\/broken\/redis-server, from PATH, did not say which server and version it is\. It said: .*liblzf\.so\.1.*\n +Run it with --version/m,
    );
    assert.match(broken.out, /^missing {2}database server/m);
  });

  it('tells what it does without, and does not alarm', async () => {
    const outcome = await doctor({ PATH: folder.path });
    assert.match(outcome.out, /^none {5}workload manager {2}\(Everything runs on this machine\.\)$/m);
  });

  it('tells what serves tensors, and why what the user named does not', async () => {
    const ours = await doctor({ PATH: folder.path });
    assert.match(
      ours.out,
      /^found {4}AI engine +\d+\.\d+\.\d+ {2}\/.*\/engine\.so {2}\(our own engine, from SmartSim Workbench; this one is used\)$/m,
    );
    const named = await doctor({ PATH: folder.path, RAI_PATH: '/nonexistent/redisai.so' });
    assert.match(
      named.out,
      /^refused {2}AI engine +\(There is no AI module at \/nonexistent\/redisai\.so, which is named by RAI_PATH\.\)\n +Correct RAI_PATH/m,
    );
    assert.match(named.out, /engine\.so {2}\(our own engine, from SmartSim Workbench\)$/m);
  });

  it('refuses what the user named and does not do', async () => {
    const outcome = await doctor(
      { PATH: process.env['PATH'] ?? '', REDIS_PATH: '/nonexistent/redis' },
      '--json',
    );
    const refused = componentsOf(outcome).find(({ found, name }) => !found && name === 'database server');
    assert.match(refused?.detail ?? '', /no server at \/nonexistent\/redis, which is named by REDIS_PATH/);
    assert.match(refused?.remedy ?? '', /Correct REDIS_PATH/);
  });

  it('installs nothing where a server is', async () => {
    const outcome = await doctor({ PATH: process.env['PATH'] ?? '' }, '--install-server', '--json');
    assert.equal(outcome.exitCode, 0);
    assert.match(outcome.err, /^Nothing to install: .*redis-server will do\.\n$/);
    assert.deepEqual(readdirSync(folder.path), []);
  });

  it('says what it tried where nothing can be installed, and leaves nothing', async () => {
    const bin = path.join(folder.path, 'bin');
    mkdirSync(bin);
    const outcome = await doctor(
      { PATH: bin, XDG_DATA_HOME: path.join(folder.path, 'data') },
      '--install-server',
    );
    assert.equal(outcome.exitCode, 1);
    assert.match(outcome.err, /^error server-install-failed No database server could be installed\./);
    for (const method of ['conda', 'Debian packages', 'Homebrew', 'Python wheel'])
      assert(outcome.err.includes(`${method}: not in use here.`), method);
    assert.match(outcome.out, /^missing {2}database server/m);
    assert.deepEqual(readdirSync(path.join(folder.path, 'data/smartsim-workbench/servers')), []);
  });

  it('shows the same to people, without colour codes', async () => {
    const bin = path.join(projectRoot, 'test/fixtures/site/valkey');
    const { out } = await doctor({ PATH: `${bin}:/bin:/usr/bin`, REDIS_PATH: `${bin}/valkey-server` });
    assert.match(
      out,
      /^found {4}database server {3}8\.0\.1 {2}.*valkey-server {2}\(valkey, from REDIS_PATH; this one is used\)$/m,
    );
    assert(!out.includes('\u001b'));
  });
});
