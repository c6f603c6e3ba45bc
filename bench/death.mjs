// How soon a death is known: kill -9 of a model and of a server, until the supervisor has recorded it and until a
// client that is subscribed to the run, as the side bar is, has it in its snapshot.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { loadClient } from './client.mjs';
import { interleave, report, shown, summarise } from './measure.mjs';
import { Workbench } from './workbench.mjs';

const rounds = 9;

const text = `version: 1
experiment: death
launcher: local
orchestrator: {port: auto, interface: lo}
models:
  idle:
    run_settings: {exe: node, exe_args: [-e, "setInterval(() => {}, 1000)"]}
`;

const { openRun, RunIndex, userDirectories } = await loadClient();
const workbench = new Workbench();
const directories = userDirectories(workbench.environment, process.getuid());
try {
  const file = workbench.experiment('death', text);
  const figures = await interleave(rounds, { bare: killBare, run: () => killInRun(file) });
  const summaries = Object.fromEntries(
    Object.entries(figures).map(([name, values]) => [name, summarise(values)]),
  );
  report(
    'death',
    `Death by kill -9 (${rounds} rounds; the supervisor's clock counts whole milliseconds)`,
    [
      { what: 'bare Node parent sees its child end', measured: shown(summaries.bare) },
      ...['model', 'server'].flatMap((victim) => [
        {
          what: `${victim}: until the supervisor's record`,
          measured: shown(summaries[`${victim}.recorded`]),
          goal: 'at most 20 ms',
          met: summaries[`${victim}.recorded`].median <= 20,
        },
        {
          what: `${victim}: until a subscribed client's snapshot`,
          measured: shown(summaries[`${victim}.seen`]),
          goal: 'at most 250 ms',
          met: summaries[`${victim}.seen`].median <= 250,
        },
      ]),
    ],
    { summaries },
  );
} finally {
  workbench.close();
}

async function killBare() {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
    stdio: 'ignore',
    detached: true,
  });
  await once(child, 'spawn');
  const ended = once(child, 'exit');
  const begin = performance.now();
  child.kill('SIGKILL');
  await ended;
  return { bare: performance.now() - begin };
}

async function killInRun(file) {
  const { result } = await workbench.ssw('up', '--detach', file);
  const { id } = result.runs[0];
  const index = new RunIndex(directories);
  const listed = await index.list();
  if (!listed.ok) throw new Error('The index of runs cannot be read.');
  const record = listed.value.find((entry) => entry.id === id);
  const run = await openRun(record);
  try {
    const model = await kill(run, (snapshot) => snapshot.models[0]);
    const server = await kill(run, (snapshot) => snapshot.orchestrators[0].shards[0]);
    const recorded = new Map(
      workbench
        .journal(file, 'death', id)
        .filter(({ event }) => event.type === 'process-exited')
        .map(({ event, at }) => [event.entity.kind, at]),
    );
    return {
      'model.recorded': recorded.get('model') - model.wallClock,
      'model.seen': model.seenAfter,
      'server.recorded': recorded.get('shard') - server.wallClock,
      'server.seen': server.seenAfter,
    };
  } finally {
    run.dispose();
    await workbench.ssw('down', file);
  }
}

/** Kills the process of one entity of the run; resolves when the run's snapshot shows it as failed. */
async function kill(run, entityOf) {
  const seen = new Promise((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error('The death was not seen within ten seconds.')), 10_000);
    const subscription = run.onDidChange(() => {
      if (entityOf(run.snapshot).status !== 'Failed') return;
      const at = performance.now();
      subscription.dispose();
      clearTimeout(limit);
      resolve(at);
    });
  });
  const wallClock = Date.now();
  const begin = performance.now();
  process.kill(entityOf(run.snapshot).identity.pid, 'SIGKILL');
  return { wallClock, seenAfter: (await seen) - begin };
}
