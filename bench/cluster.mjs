// How long a cluster takes from the plan to the moment in which every shard serves, and how long its stop takes;
// beside the least that both can take, and beside Redis' own tool.
import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { bareConfiguration } from './bareConfiguration.mjs';
import { interleave, outDirectory, report, root, shown, summarise, untilSteady } from './measure.mjs';
import { Workbench } from './workbench.mjs';

const rounds = 7;

/** Milliseconds after its start before which Redis lets no master serve; a constant of Redis. */
const ownDelay = 2000;

/** SmartSim 0.8 with three shards, by its own constants; not measured. */
const smartSimMs = 21_200;

const reference = path.join(outDirectory, 'parallelShutdown');
mkdirSync(outDirectory, { recursive: true });
execFileSync('cc', [
  ...['-std=c11', '-O2', '-Wall', '-Wextra', '-Werror'],
  ...['-o', reference, path.join(root, 'bench/ref/parallelShutdown.c')],
]);

const workbench = new Workbench();
try {
  const files = Object.fromEntries(
    [3, 12, 64].map((shards) => [
      shards,
      workbench.experiment(
        `shards${shards}`,
        `version: 1\nexperiment: shards${shards}\nlauncher: local\norchestrator: {port: auto, db_nodes: ${shards}}\n`,
      ),
    ]),
  );
  const { figures, attempts, steady } = await untilSteady('bare12.down', () =>
    interleave(rounds, {
      bare3: () => launchBare(files[3], 'bare3'),
      ours3: () => launchOurs(files[3], 3),
      bare12: () => launchBare(files[12], 'bare12'),
      ours12: () => launchOurs(files[12], 12),
      ours64: () => launchOurs(files[64], 64),
    }),
  );
  const summaries = Object.fromEntries(
    Object.entries(figures).map(([name, values]) => [name, summarise(values)]),
  );
  const formed = (shards) => ({
    what: `${shards} shards: ready / (last PONG + Redis' own ${ownDelay} ms)`,
    measured: shown(summaries[`ours${shards}.ratio`], 'x', 3),
    goal: 'at most 1.05',
    met: summaries[`ours${shards}.ratio`].median <= 1.05,
  });
  const plain = (what, name) => ({ what, measured: shown(summaries[name]) });
  const stop = summaries['ours12.stop'].median / summaries['bare12.down'].median;
  report(
    'cluster',
    `Clusters on one host (${rounds} rounds, interleaved${steady ? '' : '; the reference was unsteady'})`,
    [
      plain('3 shards: supervisor, plan received to every shard serves', 'ours3.ready'),
      formed(3),
      plain('3 shards: bare start (C) to last PONG', 'bare3.up'),
      plain('3 shards: bare start, then `redis-cli --cluster create`, to every shard ok', 'bare3.ok'),
      {
        what: 'SmartSim 0.8, 3 shards, by its constants (analytic)',
        measured: `${smartSimMs} ms = ${(smartSimMs / summaries['ours3.ready'].median).toFixed(1)} x ours`,
      },
      plain('12 shards: supervisor, plan received to every shard serves', 'ours12.ready'),
      formed(12),
      plain('12 shards: bare start, then `redis-cli --cluster create`, to every shard ok', 'bare12.ok'),
      {
        what: '64 shards: supervisor, plan received to every shard serves',
        measured: shown(summaries['ours64.ready']),
        goal: 'at most 3000 ms',
        met: summaries['ours64.ready'].median <= 3000,
      },
      plain('64 shards: plan received to last PONG', 'ours64.pong'),
      plain('64 shards: whole `ssw up --detach`, process start to process end', 'ours64.up'),
      plain('12 shards: bare parallel SHUTDOWN (C) to last end', 'bare12.down'),
      {
        what: '12 shards: stop asked for to nothing of it left',
        measured: `${shown(summaries['ours12.stop'])} = ${stop.toFixed(2)} x bare`,
        goal: 'at most 1.25 x bare',
        met: stop <= 1.25,
      },
      plain('12 shards: stop asked for to last end recorded', 'ours12.exits'),
      plain('64 shards: stop asked for to nothing of it left', 'ours64.stop'),
    ],
    { attempts, steady, summaries },
  );
} finally {
  workbench.close();
}

/** Under our supervisor; all figures are those of its journal. */
async function launchOurs(file, shards) {
  const name = `ours${shards}`;
  const { result, wallMs } = await workbench.ssw('up', '--detach', file);
  await workbench.ssw('down', file);
  const journal = workbench.journal(file, `shards${shards}`, result.runs[0].id);
  const last = (type) => Math.max(...journal.filter(({ event }) => event.type === type).map(at));
  const ready = last('orchestrator-ready');
  const pong = last('shard-answered');
  const asked = last('stop-requested');
  return {
    [`${name}.ready`]: ready,
    [`${name}.pong`]: pong,
    [`${name}.ratio`]: ready / (pong + ownDelay),
    [`${name}.up`]: wallMs,
    [`${name}.exits`]: last('process-exited') - asked,
    [`${name}.stop`]: last('end-completed') - asked,
  };
}

function at({ elapsedMs }) {
  return elapsedMs;
}

/** Servers and configurations are those of our plan, but for its access list; Redis' own tool makes them a cluster. */
async function launchBare(file, name) {
  const { result } = await workbench.ssw('plan', file);
  const { shards } = result.plan.orchestrators[0];
  const directory = mkdtempSync(path.join(workbench.directory, 'bare-'));
  const words = shards.flatMap((shard) => {
    const conf = path.join(directory, shard.name, 'redis.conf');
    mkdirSync(path.dirname(conf));
    // Whoever forms and stops them here does not log in.
    writeFileSync(conf, bareConfiguration(result.plan, shard).replace(/^user .*\n/gm, ''));
    return [conf, String(shard.port)];
  });
  const begin = performance.now();
  const servers = spawn(reference, [shards[0].argv[0], ...words], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(servers, 'close');
  const lines = createInterface(servers.stdout)[Symbol.asyncIterator]();
  const figure = async () => Number((await lines.next()).value.split(' ')[1]);
  try {
    const up = await figure();
    await formByTool(shards);
    const ok = performance.now() - begin;
    servers.stdin.write('\n');
    return { [`${name}.up`]: up, [`${name}.ok`]: ok, [`${name}.down`]: await figure() };
  } finally {
    servers.stdin.end();
    await ended;
    rmSync(directory, { recursive: true });
  }
}

/** Its "OK" is no readiness: every shard is asked until it says so itself. */
async function formByTool(shards) {
  const addresses = shards.map(({ host, port }) => `${host}:${port}`);
  await promisify(execFile)('redis-cli', ['--cluster', 'create', ...addresses, '--cluster-yes']);
  for (const { host, port } of shards) {
    const ask = () => promisify(execFile)('redis-cli', ['-h', host, '-p', String(port), 'CLUSTER', 'INFO']);
    while (!(await ask()).stdout.includes('cluster_state:ok')) await delay(5);
  }
}
