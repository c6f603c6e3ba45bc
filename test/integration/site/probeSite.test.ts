import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import type { AddressInfo, Server } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { ServerCandidate } from '../../../src/core/site/databaseServer';
import { ServerVersions } from '../../../src/core/site/serverVersion';
import type { PortQuestion } from '../../../src/core/site/probePort';
import { probeSite, type Site, type SiteQuestions } from '../../../src/core/site/site';
import { packedEngine } from '../../support/builtEngine';
import { projectRoot } from '../../support/projectRoot';
import { silentServer } from '../../support/silentServer';
import { temporaryFolder } from '../../support/temporaryFolder';

const fixtures = path.join(projectRoot, 'test/fixtures/site');
const nothing: SiteQuestions = {
  servers: false,
  aiModules: false,
  ports: [],
  executables: [],
  folder: '/',
  files: [],
  directories: [],
};

describe('probeSite', () => {
  const folder = temporaryFolder();
  let decoy: ChildProcess | undefined;
  let listener: Server | undefined;

  afterEach(async () => {
    if (decoy !== undefined) {
      const ended = once(decoy, 'exit');
      decoy.kill('SIGKILL');
      await ended;
    }
    listener?.close();
    decoy = undefined;
    listener = undefined;
  });

  function probe(questions: Partial<SiteQuestions>, environment = process.env): Promise<Site> {
    return probeSite(
      { ...nothing, ...questions },
      { environment, dataDirectory: folder.path, engine: packedEngine },
    );
  }

  /** Another process that listens; tells its port. */
  async function startDecoy(
    address: string,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<number> {
    const script = `require('node:net').createServer().listen(0, ${JSON.stringify(address)}, function () { console.log(this.address().port) })`;
    decoy = spawn(process.execPath, ['-e', script], {
      cwd: folder.path,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(decoy.stdout!, 'data')) as [Buffer];
    return Number(line.toString());
  }

  function questionOf(port: number | 'auto', more: Partial<PortQuestion> = {}): PortQuestion {
    return { port, networkInterfaces: ['lo'], servers: 1, clustered: false, ...more };
  }

  async function probePort(
    port: number | 'auto',
    more: Partial<PortQuestion> = {},
  ): Promise<Site['ports'][number]> {
    const site = await probe({ ports: [questionOf(port, more)] });
    return site.ports[0]!;
  }

  describe('ports', () => {
    it('names the process that has a port', async () => {
      const port = await startDecoy('127.0.0.1');
      const answer = await probePort(port);
      assert(answer.kind === 'taken');
      const { process: found, user } = answer.holder;
      assert.equal(user, os.userInfo().username);
      assert.equal(found?.pid, decoy?.pid);
      assert.equal(found?.name, 'node');
      assert.match(found.commandLine, /createServer/);
      assert.equal(found.directory, folder.path);
      assert.equal(found.runId, undefined);
    });

    it('tells the run that a holder belongs to', async () => {
      const port = await startDecoy('127.0.0.1', { SSW_RUN_ID: '20260101T000000-abcd' });
      const answer = await probePort(port);
      assert(answer.kind === 'taken');
      assert.equal(answer.holder.process?.runId, '20260101T000000-abcd');
    });

    it('sees those who listen at all addresses', async () => {
      for (const address of ['0.0.0.0', '::']) {
        const port = await startDecoy(address);
        const answer = await probePort(port);
        assert(answer.kind === 'taken', address);
        assert.equal(answer.holder.process?.pid, decoy?.pid);
        decoy?.kill('SIGKILL');
        await once(decoy!, 'exit');
        decoy = undefined;
      }
    });

    it('takes a port for free that somebody has at another address', async () => {
      listener = silentServer();
      await new Promise<void>((resolve) => listener?.listen(0, '127.0.0.9', resolve));
      const { port } = listener.address() as AddressInfo;
      assert.deepEqual(await probePort(port), { kind: 'free', ports: [port] });
    });

    it('finds a free port, and leaves it free', async () => {
      const answer = await probePort('auto');
      assert(answer.kind === 'free');
      const [port = 0] = answer.ports;
      assert(port >= 20_000 && port < 30_000);
      listener = silentServer();
      await new Promise<void>((resolve) => listener?.listen(port, '127.0.0.1', resolve));
      assert.equal((await probePort(port)).kind, 'taken');
    });

    it('finds the next free ports for further shards', async () => {
      const taken = await startDecoy('127.0.0.1');
      const first = taken - 1;
      const answer = await probePort(first, { servers: 3 });
      assert(answer.kind === 'free');
      assert.equal(answer.ports[0], first);
      assert(!answer.ports.includes(taken));
      assert.equal(new Set(answer.ports).size, 3);
    });

    it('gives the shards of a cluster ports whose bus ports are free and no outgoing connection takes', async () => {
      const answer = await probePort('auto', { servers: 64, clustered: true });
      assert(answer.kind === 'free');
      assert.equal(new Set(answer.ports).size, 64);
      assert(answer.ports.every((port) => port >= 20_000 && port + 10_000 < 32_768));
    });

    it('names who has the bus port of a cluster, and the port that needs it', async () => {
      const bus = await startDecoy('127.0.0.1');
      assert.deepEqual((await probePort(bus - 10_000)).kind, 'free');
      const answer = await probePort(bus - 10_000, { servers: 3, clustered: true });
      assert(answer.kind === 'taken');
      assert.deepEqual([answer.port, answer.busOf], [bus, bus - 10_000]);
      assert.equal(answer.holder.process?.pid, decoy?.pid);
    });

    it('gives no port to two orchestrators', async () => {
      const { ports } = await probe({
        ports: [
          questionOf(21_000, { servers: 3, clustered: true }),
          questionOf(21_001, { servers: 3, clustered: true }),
          questionOf('auto', { servers: 3 }),
        ],
      });
      const given = ports.flatMap((answer) => (answer.kind === 'free' ? answer.ports : []));
      assert.equal(new Set(given).size, 9);
      assert.equal(given[3], 21_001);
    });

    it('answers nothing about an interface that is not there', async () => {
      assert.deepEqual(await probePort(6379, { networkInterfaces: ['nonesuch0'] }), { kind: 'no-address' });
    });
  });

  describe('servers', () => {
    async function search(
      environment: Readonly<Record<string, string>>,
      more: { readonly serverSetting?: string; readonly versions?: ServerVersions } = {},
    ): Promise<readonly ServerCandidate[]> {
      const options = { environment, dataDirectory: folder.path, engine: packedEngine, ...more };
      return (await probeSite({ ...nothing, servers: true }, options)).servers;
    }

    it('finds the real server of this machine, and its version', async () => {
      const [first] = await search({ PATH: process.env['PATH'] ?? '' });
      assert(first?.kind === 'usable', 'Redis or Valkey is needed for these tests');
      assert.match(first.server.version, /^\d+\.\d+\.\d+$/);
      assert.equal(first.server.origin, 'path');
    });

    it('asks in the order of the design, and asks each', async () => {
      const installed = path.join(folder.path, 'servers/redis-7.2.0');
      mkdirSync(installed, { recursive: true });
      copyFileSync(path.join(fixtures, 'valkey/valkey-server'), path.join(installed, 'server'));
      writeFileSync(
        path.join(installed, 'server.json'),
        JSON.stringify({ version: 1, program: 'server', source: 'x', libraryFolder: 'lib' }),
      );
      const found = await search(
        {
          PATH: `${fixtures}/valkey:${fixtures}/old:/usr/bin:/bin`,
          REDIS_PATH: `${fixtures}/broken/redis-server`,
        },
        { serverSetting: `${folder.path}/missing` },
      );
      assert.deepEqual(
        found.map((one) =>
          one.kind === 'usable'
            ? [one.server.origin, one.server.engine, one.server.version]
            : [one.origin, one.kind, one.kind === 'without-version' ? one.evidence : one.path],
        ),
        [
          ['setting', 'missing', `${folder.path}/missing`],
          [
            'REDIS_PATH',
            'without-version',
            'redis-server: error while loading shared libraries: liblzf.so.1: cannot open shared object file',
          ],
          ['path', 'redis', '5.0.7'],
          ['path', 'valkey', '8.0.1'],
          ['installed', 'valkey', '8.0.1'],
        ],
      );
      const last = found.at(-1);
      assert(last?.kind === 'usable');
      assert.equal(last.server.libraryFolder, path.join(installed, 'lib'));
    });

    it('runs a server whose path looks like an option or has blanks', async () => {
      const odd = path.join(folder.path, '-größe "x"\n$(y)');
      mkdirSync(odd);
      copyFileSync(path.join(fixtures, 'valkey/valkey-server'), path.join(odd, '--version'));
      const [found] = await search({ PATH: '/usr/bin:/bin' }, { serverSetting: path.join(odd, '--version') });
      assert.equal(found?.kind, 'usable');
    });

    it('remembers a version until the file changes', async () => {
      const versions = new ServerVersions();
      const program = path.join(folder.path, 'redis-server');
      const count = path.join(folder.path, 'count');
      const write = (version: string): void => {
        writeFileSync(program, `#!/bin/sh\necho x >> '${count}'\necho 'Redis server v=${version} sha=0'\n`);
        chmodSync(program, 0o755);
      };
      const ask = async (): Promise<string | undefined> => {
        const [found] = await search({ PATH: '/usr/bin:/bin' }, { serverSetting: program, versions });
        return found?.kind === 'usable' ? found.server.version : undefined;
      };
      write('7.0.1');
      assert.equal(await ask(), '7.0.1');
      assert.equal(await ask(), '7.0.1');
      assert.equal(readFileSync(count, 'utf8'), 'x\n');
      write('7.0.11');
      assert.equal(await ask(), '7.0.11');
    });

    it('looks for none where none is needed', async () => {
      assert.deepEqual((await probe({})).servers, []);
    });
  });

  it('tells files and directories apart, and what can be written', async () => {
    const file = path.join(folder.path, 'ö -x');
    writeFileSync(file, '');
    const inside = path.join(file, 'below');
    const locked = path.join(folder.path, 'locked');
    mkdirSync(locked, { mode: 0o500 });
    const later = path.join(folder.path, 'a/b/c');
    const linked = path.join(folder.path, 'link');
    symlinkSync(folder.path, linked);
    const site = await probe({
      files: [file, folder.path, later, inside, '/dev/null'],
      directories: [later, inside, linked, locked],
    });
    assert.deepEqual([...site.files.values()], ['file', 'directory', 'missing', 'missing', 'other']);
    assert.deepEqual(
      [...site.directories.values()],
      [
        { nearest: folder.path, kind: 'writable' },
        { nearest: file, kind: 'not-a-directory' },
        { nearest: linked, kind: 'writable', real: realpathSync(folder.path) },
        // The system lets root write everywhere.
        process.getuid?.() === 0
          ? { nearest: locked, kind: 'writable', real: realpathSync(locked) }
          : { nearest: locked, kind: 'not-writable' },
      ],
    );
  });

  it('knows the loopback interface', async () => {
    const { networkInterfaces } = await probe({});
    assert(networkInterfaces.some(({ address, loopback }) => address === '127.0.0.1' && loopback));
  });

  it('stops with the reason of the signal', async () => {
    const reason = new Error('enough');
    const options = { environment: process.env, dataDirectory: folder.path, engine: packedEngine };
    await assert.rejects(probeSite(nothing, options, AbortSignal.abort(reason)), reason);
  });
});
