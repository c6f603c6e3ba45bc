import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { databaseServer, oldServer, otherServers } from '../../../scripts/databaseServers.mjs';
import { CommandLine, environmentIn, runOf } from '../../support/commandLine';
import { projectRoot } from '../../support/projectRoot';
import { runCli, type CliOutcome } from '../../support/runCli';

describe('the command line on a machine with another server', function () {
  this.timeout(60_000);
  let cli: CommandLine;
  let server: string;

  beforeEach(() => {
    cli = new CommandLine();
  });
  afterEach(() => cli.end());

  const ssw = (...words: readonly string[]): Promise<CliOutcome> =>
    cli.begin(words, { REDIS_PATH: server }).ended;

  /** What redis-cli prints when it asks a shard. */
  function ask(port: number, ...words: readonly string[]): string {
    return execFileSync('redis-cli', ['-p', String(port), ...words], { encoding: 'utf8' }).trim();
  }

  /** What came of everything with which a stranger tries to govern these servers. */
  async function strangersTry(ports: readonly number[]): Promise<Readonly<Record<string, string>>> {
    const nothing = { files: [], directories: [], sockets: [], pids: [] };
    const stranger = path.join(projectRoot, 'test/oracle/stranger.mjs');
    const child = spawn(process.execPath, [stranger, JSON.stringify({ ...nothing, ports })], {
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: 50_000,
    });
    const [told] = await Promise.all([text(child.stdout), once(child, 'close')]);
    assert.equal(child.exitCode, 0, told);
    return JSON.parse(told) as Readonly<Record<string, string>>;
  }

  async function launched(orchestrator: object): Promise<readonly number[]> {
    cli.experiment({}, orchestrator);
    const up = await ssw('up', '--detach', cli.file, '--json');
    assert.equal(up.exitCode, 0, up.err);
    return runOf(up).orchestrators[0]!.shards.map(({ port }) => port);
  }

  for (const name of otherServers)
    describe(name, () => {
      before(function () {
        // The first time, it comes from the package registry.
        this.timeout(300_000);
        server = databaseServer(name);
      });

      it('runs the quickstart', async () => {
        cpSync(path.join(projectRoot, 'examples/quickstart'), cli.work.path, {
          recursive: true,
          filter: (source) => path.basename(source) !== 'heat',
        });
        const file = path.join(cli.work.path, 'heat.smartsim.yaml');
        const short = readFileSync(file, 'utf8').replace('"2000"', '"60"').replace('"250"', '"5"');
        writeFileSync(file, short);
        const up = await ssw('up', file, '--json');
        assert.equal(up.exitCode, 0, up.err);
        const { orchestrators, models } = runOf(up);
        assert.deepEqual(
          orchestrators.map(({ ai }) => ai),
          ['builtin'],
        );
        assert.deepEqual(
          models.map(({ status }) => status),
          ['Completed', 'Completed'],
        );
      });

      it('forms a cluster that keeps tensors, and in which strangers govern nothing', async () => {
        const ports = await launched({ db_nodes: 3 });
        assert.equal(ports.length, 3);
        const [port = 0] = ports;
        assert.match(ask(port, 'CLUSTER', 'INFO'), /cluster_slots_ok:16384/);
        const keys = ['a', 'b', 'c', 'd', 'e', 'f'];
        for (const key of keys)
          assert.match(ask(port, '-c', 'AI.TENSORSET', key, 'INT8', '2', 'VALUES', '3', '4'), /OK$/);
        assert.equal(
          ports.reduce((sum, each) => sum + Number(ask(each, 'DBSIZE')), 0),
          keys.length,
        );
        for (const each of ports) assert.notEqual(ask(each, 'DBSIZE'), '0');
        const granted = Object.entries(await strangersTry(ports)).filter(
          ([, came]) => !came.startsWith('refused'),
        );
        assert.deepEqual(granted, []);
      });

      it('lets SmartRedis clients do what they do', async () => {
        const [port = 0] = await launched({});
        const commands = [
          ...['INFO EVERYTHING', 'CONFIG GET save', 'SAVE', 'DBSIZE', 'FLUSHDB', 'CLIENT LIST', 'KEYS *'],
          ...['AI.CONFIG GET MODEL_CHUNK_SIZE', 'AI.CONFIG MODEL_CHUNK_SIZE 1000', 'CLUSTER SLOTS'],
        ];
        for (const command of commands)
          assert.doesNotMatch(ask(port, ...command.split(' ')), /^(NOPERM|NOAUTH|ERR unknown)/, command);
        assert.match(ask(port, 'AI.CONFIG', 'LOADBACKEND', 'TORCH', '/tmp/x.so'), /^NOPERM/);
        assert.match(ask(port, 'CONFIG', 'SET', 'maxclients', '200'), /^NOPERM/);
      });

      // A minute in which nothing can be done but wait.
      if (name === 'valkey-9' && process.env['TEST_LONG'] === '1')
        it('says that a cluster is mended after a shard was told to forget another, and not while it passes that on', async function () {
          this.timeout(120_000);
          const ports = await launched({ db_nodes: 3 });
          const [port = 0, other = 0] = ports;
          const { id } = runOf(await ssw('status', cli.file, '--json'));
          const runDirectory = path.join(cli.work.path, 'lattice/.smartsim/workbench', id);
          const secret = readFileSync(path.join(runDirectory, 'secret'), 'utf8');
          const govern = (at: number, ...words: readonly string[]): string =>
            ask(at, '--user', 'ssw', '--pass', secret, '--no-auth-warning', ...words);
          assert.equal(govern(port, 'CLUSTER', 'FORGET', govern(other, 'CLUSTER', 'MYID')), 'OK');
          const repaired = await runCli(['repair', cli.file], {
            directory: cli.work.path,
            environment: environmentIn(cli.work),
            limit: 100_000,
          });
          assert.equal(repaired.exitCode, 0, repaired.err);
          assert.match(repaired.err, /Still mending/);
          // Whole it is in moments before, too.
          for (let looks = 0; looks < 20; looks++) {
            for (const each of ports)
              assert.match(ask(each, 'CLUSTER', 'INFO'), /cluster_known_nodes:3\r?\n/);
            await delay(200);
          }
        });

      if (name === 'redis-6.2')
        it('lets no clients configure it, which is not safe there, and says so', async () => {
          cli.experiment({}, { client_config: true });
          const { exitCode, err } = await ssw('up', cli.file);
          assert.equal(exitCode, 1);
          assert.match(err, /error client-config-unsafe `client_config` is refused with redis 6\.2\.14/);
        });
      else
        it('lets clients configure it where the file says so', async () => {
          const [port = 0] = await launched({ client_config: true });
          assert.equal(ask(port, 'CONFIG', 'SET', 'maxclients', '200'), 'OK');
        });
    });

  describe('that is too old', () => {
    before(function () {
      this.timeout(300_000);
      server = databaseServer(oldServer);
    });

    const refusal = `The server .*redis-server has version 6\\.0\\.9; 6\\.2 is the oldest that works\\.`;

    for (const command of ['plan', 'up', 'validate'])
      it(`says so, and what to do, before anything is started: ssw ${command}`, async () => {
        cli.experiment({});
        const { exitCode, out, err } = await ssw(command, cli.file);
        assert.equal(exitCode, 1);
        assert.match(`${out}${err}`, new RegExp(`error server-too-old ${refusal}\\n +Install one \\(`));
        assert.deepEqual(readdirSync(cli.work.path), [path.basename(cli.file)]);
      });

    it('says so among what is found: ssw doctor', async () => {
      const { out } = await ssw('doctor');
      assert.match(out, new RegExp(`^refused  database server +\\(${refusal}\\)\\n +Install one \\(`, 'm'));
    });
  });
});
