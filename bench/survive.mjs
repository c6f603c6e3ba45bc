// How soon a run is held again after kill -9 of a client or of its supervisor, and what a supervisor costs while
// nobody looks.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { loadClient } from './client.mjs';
import { interleave, report, shown, summarise } from './measure.mjs';
import { Workbench } from './workbench.mjs';

const rounds = 7;
const restSeconds = 20;
const ticksPerSecond = 100;

const text = (shards) => `version: 1
experiment: survive${shards}
launcher: local
orchestrator: {port: auto, interface: lo, db_nodes: ${shards}}
`;

const { openRun, RunIndex, userDirectories } = await loadClient();
const workbench = new Workbench();
const directories = userDirectories(workbench.environment, process.getuid());
try {
  const reattach = await reattachTo(12);
  const rest = await restOf(64);
  report(
    'survive',
    `Survival of kill -9 (${rounds} rounds), and rest (${restSeconds} s)`,
    [
      {
        what: '12 shards, client killed: until another has the run',
        measured: shown(reattach.client),
        goal: 'at most 2 s',
        met: reattach.client.max <= 2000,
      },
      {
        what: '12 shards, supervisor killed: whole `ssw adopt`',
        measured: shown(reattach.supervisor),
        goal: 'at most 2 s',
        met: reattach.supervisor.max <= 2000,
      },
      ...Object.entries(rest).flatMap(([who, { megabytes, percent }]) => [
        {
          what: `64 shards, ${who}: memory`,
          measured: `${megabytes.toFixed(1)} MB`,
          goal: 'at most 80 MB',
          met: megabytes <= 80,
        },
        {
          what: `64 shards, ${who}: processor`,
          measured: `${percent.toFixed(2)} %`,
          goal: 'at most 1 %',
          met: percent <= 1,
        },
      ]),
    ],
    { reattach, rest },
  );
} finally {
  workbench.close();
}

async function reattachTo(shards) {
  const file = workbench.experiment(`survive${shards}`, text(shards));
  const { id } = (await workbench.ssw('up', '--detach', file)).result.runs[0];
  const before = pidsOf(await stateOf(id));
  try {
    const figures = await interleave(rounds, {
      client: () => afterClient(id, before),
      supervisor: () => afterSupervisor(id, file, before),
    });
    return Object.fromEntries(Object.entries(figures).map(([name, values]) => [name, summarise(values)]));
  } finally {
    await workbench.ssw('down', file);
  }
}

/** A client that is connected is killed; another then finds the run. */
async function afterClient(id, before) {
  const client = spawn(process.execPath, ['-e', clientProgram((await stateOf(id)).socket)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(client.stdout, 'data');
  const exit = once(client, 'exit');
  client.kill('SIGKILL');
  await exit;
  const begin = performance.now();
  const snapshot = await stateOf(id);
  const took = performance.now() - begin;
  assert.equal(snapshot.phase, 'ready');
  assert.deepEqual(pidsOf(snapshot), before);
  return { client: took };
}

function clientProgram(socket) {
  return `require('node:net').connect(${JSON.stringify(socket)}, () => console.log('connected'))`;
}

async function afterSupervisor(id, file, before) {
  const { pid } = (await stateOf(id)).supervisor;
  process.kill(pid, 'SIGKILL');
  await gone(pid);
  const { wallMs } = await workbench.ssw('adopt', file);
  const snapshot = await stateOf(id);
  assert.equal(snapshot.phase, 'ready');
  assert.deepEqual(pidsOf(snapshot), before);
  return { supervisor: wallMs };
}

/** What a supervisor of so many shards uses while nobody is connected. */
async function restOf(shards) {
  const file = workbench.experiment(`survive${shards}`, text(shards));
  const { id } = (await workbench.ssw('up', '--detach', file)).result.runs[0];
  try {
    const launched = await useOf((await stateOf(id)).supervisor.pid);
    const { pid } = (await stateOf(id)).supervisor;
    process.kill(pid, 'SIGKILL');
    await gone(pid);
    await workbench.ssw('adopt', file);
    const adopted = await useOf((await stateOf(id)).supervisor.pid);
    return { 'supervisor that launched': launched, 'supervisor that adopted': adopted };
  } finally {
    await workbench.ssw('down', file);
  }
}

async function useOf(pid) {
  // What a start leaves behind is collected first.
  await delay(3000);
  const before = ticksOf(pid);
  await delay(restSeconds * 1000);
  const percent = ((ticksOf(pid) - before) / ticksPerSecond / restSeconds) * 100;
  const kilobytes = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);
  return { megabytes: (kilobytes * 1024) / 1e6, percent };
}

/** User and system time, as the kernel counts it. */
function ticksOf(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

async function stateOf(id) {
  const listed = await new RunIndex(directories).list();
  if (!listed.ok) throw new Error('The index of runs cannot be read.');
  const run = await openRun(listed.value.find((entry) => entry.id === id));
  assert.ok(run.live, 'the run is live');
  const { snapshot } = run;
  run.dispose();
  return snapshot;
}

function pidsOf({ orchestrators }) {
  return orchestrators.flatMap(({ shards }) =>
    shards.map(({ name, status, identity }) => `${name} ${status} ${identity.pid}`),
  );
}

async function gone(pid) {
  const limit = performance.now() + 10_000;
  for (;;) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      if (stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z')) return;
    } catch {
      return;
    }
    if (performance.now() > limit) throw new Error(`Process ${pid} is still there.`);
    await delay(5);
  }
}
