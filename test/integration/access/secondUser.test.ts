import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import type { Run } from '../../../src/core/run/run';
import { openRun } from '../../../src/core/run/openRun';
import { untilLaunched } from '../../../src/core/run/untilLaunched';
import { asSupervisor } from '../../support/asSupervisor';
import { CommandLine } from '../../support/commandLine';
import { freePort } from '../../support/freePort';
import { planOf, withoutDefaultUser } from '../../support/planOf';
import { projectRoot } from '../../support/projectRoot';
import { fixtureModel, recordedRuns, startedRun } from '../../support/startedRun';
import { workDirectory, type WorkDirectory } from '../../support/workDirectory';

/** `nobody`: owns nothing, and is on every machine. */
const stranger = 65_534;

/** What they send, but for the commands of the AI engine; CLUSTER is refused for another reason by a single server. */
const smartRedisCommands = [
  ...['PING', 'COMMAND', 'CLUSTER SLOTS', 'CLUSTER INFO', 'INFO EVERYTHING', 'CONFIG GET save', 'SAVE'],
  ...[
    'SET a 1',
    'EXISTS a',
    'RENAME a b',
    'DEL b',
    'UNLINK b',
    'HMSET m f v',
    'HSET m .COMPLETE 1',
    'HGETALL m',
  ],
  ...['HEXISTS m .COMPLETE', 'RPUSH l d', 'LLEN l', 'LRANGE l 0 -1', 'DBSIZE', 'KEYS *', 'FLUSHDB'],
];

/** What was tried, and what came of it. */
type Outcome = Readonly<Record<string, string>>;

describe('another user of the machine', function () {
  this.timeout(60_000);
  let work: WorkDirectory;
  let run: Run | undefined;

  before(() => {
    const ours = process.getuid?.();
    assert.equal(
      ours,
      0,
      'these tests become another user (65534), which only root can do: run them as root',
    );
  });

  beforeEach(() => {
    work = workDirectory();
    // Nothing but what the product does for itself may protect it.
    chmodSync(work.path, 0o755);
    cpSync(path.join(projectRoot, 'test/oracle/stranger.mjs'), path.join(work.path, 'stranger.mjs'));
    run = undefined;
  });

  afterEach(async () => {
    const stopped = await run?.stop({ force: true });
    run?.dispose();
    work.remove();
    assert.notEqual(stopped?.ok, false, JSON.stringify(stopped?.problems));
  });

  async function tries(targets: Targets, userId = stranger): Promise<Outcome> {
    const child = spawn(process.execPath, [path.join(work.path, 'stranger.mjs'), JSON.stringify(targets)], {
      cwd: '/',
      env: {},
      uid: userId,
      gid: userId,
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: 50_000,
    });
    const [told] = await Promise.all([text(child.stdout), once(child, 'close')]);
    assert.equal(child.exitCode, 0, told);
    return JSON.parse(told) as Outcome;
  }

  function granted(outcome: Outcome): readonly string[] {
    return Object.entries(outcome).flatMap(([what, came]) =>
      came.startsWith('granted') ? [`${what}: ${came}`] : [],
    );
  }

  /** A cluster of three with a model, launched by the command line from a file. */
  async function launched(): Promise<Run> {
    const cli = new CommandLine(work);
    cli.experiment({ sim: fixtureModel('wait') }, { db_nodes: 3 });
    const up = await cli.ssw('up', '--detach', cli.file);
    assert.equal(up.exitCode, 0, up.err);
    const [record] = await recordedRuns(work);
    const opened = await openRun(record!);
    assert.equal(opened.snapshot.phase, 'ready');
    return opened;
  }

  it('can neither stop nor configure a server, nor read or reach what governs a run', async () => {
    run = await launched();
    const targets = targetsOf(run, work);
    const outcome = await tries(targets);
    assert.ok(Object.keys(outcome).length > 200, `${Object.keys(outcome).length} attempts`);
    assert.deepEqual(granted(outcome), []);
    assert.ok(!Object.values(outcome).some((came) => came.startsWith('unreachable')));

    await run.measure();
    assert.equal(run.snapshot.phase, 'ready');
    const { runDirectory, orchestrators } = run.snapshot;
    for (const shard of orchestrators[0]!.shards) {
      assert.equal(shard.notAnsweringSince, undefined);
      assert.match(asSupervisor(runDirectory, shard.port, 'CONFIG', 'GET', 'maxmemory'), /maxmemory\n0$/);
      assert.match(asSupervisor(runDirectory, shard.port, 'CLUSTER', 'INFO'), /cluster_state:ok/);
      assert.equal(asSupervisor(runDirectory, shard.port, 'ACL', 'USERS'), 'default\nssw');
    }
  });

  it('has the data, and all that SmartRedis clients ask for', async () => {
    const plan = planOf({ directory: work.path, port: await freePort() });
    run = await startedRun(plan, work);
    await untilLaunched(run);
    const { port } = plan.orchestrators[0]!.shards[0]!;
    for (const command of smartRedisCommands) {
      const answer = execFileSync('redis-cli', ['-p', String(port), ...command.split(' ')], {
        encoding: 'utf8',
        uid: stranger,
        gid: stranger,
        env: {},
      });
      assert.doesNotMatch(answer, /^(NOPERM|NOAUTH|ERR unknown)/, command);
    }
  });

  it('is granted all of it where the server has no line for the default user', async () => {
    const conf = ['enable-module-command yes', 'enable-debug-command yes', 'cluster-enabled yes'];
    const plan = planOf({ directory: work.path, port: await freePort(), conf });
    run = await startedRun(withoutDefaultUser(plan), work);
    await untilLaunched(run);
    const refused = Object.entries(await tries({ ...none, ports: [plan.orchestrators[0]!.shards[0]!.port] }))
      .filter(([, came]) => !came.startsWith('granted'))
      .map(([what]) => what.replace(/ at \d+$/, ''));
    // It does not know the password of the supervisor there either.
    assert.deepEqual(refused, ['AUTH ssw stolen', 'HELLO 3 AUTH ssw stolen']);
  });

  it('is granted the files, the socket and the processes where it is the same user', async () => {
    run = await launched();
    const { ports, ...others } = targetsOf(run, work);
    assert.equal(ports.length, 3);
    const outcome = await tries({ ...others, ports: [] }, 0);
    assert.deepEqual(
      Object.entries(outcome).filter(([, came]) => !came.startsWith('granted')),
      [],
    );
  });
});

interface Targets {
  readonly ports: readonly number[];
  readonly files: readonly string[];
  readonly directories: readonly string[];
  readonly sockets: readonly string[];
  readonly pids: readonly number[];
}

const none: Targets = { ports: [], files: [], directories: [], sockets: [], pids: [] };

/** Everything that governs a run: its record, configurations, logs and secret, its socket, its processes. */
function targetsOf({ snapshot }: Run, work: WorkDirectory): Targets {
  const below = readdirSync(snapshot.runDirectory, { recursive: true, withFileTypes: true });
  const index = path.join(work.directories.state, 'runs');
  const entities = [...snapshot.orchestrators.flatMap(({ shards }) => shards), ...snapshot.models];
  const files = below.filter((entry) => entry.isFile()).map((entry) => path.join(entry.path, entry.name));
  for (const name of ['journal.jsonl', 'secret', 'logs/supervisor.log', 'conf/orchestrator_0.conf'])
    assert.ok(files.includes(path.join(snapshot.runDirectory, name)), name);
  return {
    ports: snapshot.orchestrators.flatMap(({ shards }) => shards.map(({ port }) => port)),
    files: [...files, path.join(index, `${snapshot.id}.json`)],
    directories: [snapshot.runDirectory, index, path.dirname(snapshot.socket!)],
    sockets: [snapshot.socket!],
    pids: [snapshot.supervisor!.pid, ...entities.map(({ identity }) => identity!.pid)],
  };
}
