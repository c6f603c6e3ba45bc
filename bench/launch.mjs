// How long a launch takes, from the plan to the first answer of the database, beside the least that it can take.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { bareConfiguration } from './bareConfiguration.mjs';
import { interleave, median, outDirectory, report, root, shown, summarise, untilSteady } from './measure.mjs';
import { Workbench } from './workbench.mjs';

const rounds = 9;

/** SmartSim 0.8 by its own constants: 0.2 s for the launch and 10 s before it first looks; not measured. */
const smartSimMs = 10_200;

const text = `version: 1
experiment: launch
launcher: local
orchestrator: {port: auto, interface: lo}
`;

const reference = path.join(outDirectory, 'execConnect');
mkdirSync(outDirectory, { recursive: true });
execFileSync('cc', [
  ...['-std=c11', '-O2', '-Wall', '-Wextra', '-Werror'],
  ...['-o', reference, path.join(root, 'bench/ref/execConnect.c')],
]);

const workbench = new Workbench();
try {
  const file = workbench.experiment('launch', text);
  const { figures, attempts, steady } = await untilSteady('reference', () =>
    interleave(rounds, { reference: () => launchBare(file), product: () => launchWhole(file) }),
  );
  const summaries = Object.fromEntries(
    Object.entries(figures).map(([name, values]) => [name, summarise(values)]),
  );
  const allowed = (reference) => 1.25 * reference + 5;
  const { reference: bare, toPong, plan, up } = summaries;
  const perRound = median(toPong.values.map((value, round) => (value - 5) / bare.values[round]));
  report(
    'launch',
    `Launch of one database (${rounds} rounds, interleaved${steady ? '' : '; the reference was unsteady'})`,
    [
      { what: 'bare fork, exec and connect (C)', measured: shown(bare) },
      {
        what: 'supervisor: plan received to first PONG, journal included',
        measured: shown(toPong),
        goal: `at most 1.25 x bare + 5 ms = ${allowed(bare.median).toFixed(1)} ms`,
        met: toPong.median <= allowed(bare.median),
      },
      {
        what: 'the same round by round: median of (supervisor - 5 ms) / bare',
        measured: perRound.toFixed(2),
        goal: 'at most 1.25',
        met: perRound <= 1.25,
      },
      { what: 'supervisor: from its own start record to first PONG', measured: shown(plan) },
      { what: 'whole `ssw up --detach`, process start to process end', measured: shown(up) },
      {
        what: 'SmartSim 0.8, by its constants (analytic)',
        measured: `${smartSimMs} ms = ${(smartSimMs / up.median).toFixed(0)} x ours`,
      },
    ],
    { attempts, steady, summaries },
  );
} finally {
  workbench.close();
}

/** Server and configuration are those of our plan; only the directory differs. */
async function launchBare(file) {
  const { result } = await workbench.ssw('plan', file);
  const shard = result.plan.orchestrators[0].shards[0];
  const directory = mkdtempSync(path.join(workbench.directory, 'bare-'));
  const configuration = path.join(directory, 'redis.conf');
  writeFileSync(configuration, bareConfiguration(result.plan, shard));
  const printed = execFileSync(reference, [shard.argv[0], configuration, shard.host, String(shard.port)], {
    cwd: directory,
    encoding: 'utf8',
  });
  rmSync(directory, { recursive: true });
  return { reference: Number(printed) };
}

async function launchWhole(file) {
  const { result, wallMs } = await workbench.ssw('up', '--detach', file);
  const { id } = result.runs[0];
  const elapsedAt = Object.fromEntries(
    workbench.journal(file, 'launch', id).map(({ event, elapsedMs }) => [event.type, elapsedMs]),
  );
  await workbench.ssw('down', file);
  return {
    toPong: elapsedAt['shard-answered'],
    plan: elapsedAt['shard-answered'] - elapsedAt['supervisor-started'],
    up: wallMs,
  };
}
