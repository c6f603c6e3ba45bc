import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { killQuietly, readProcessStat } from '../../../src/core/launch/processIdentity';
import type { Run } from '../../../src/core/run/run';
import { untilLaunched } from '../../../src/core/run/untilLaunched';
import { leftovers } from '../../oracle/leftovers.mjs';
import { freePort } from '../../support/freePort';
import { planOf } from '../../support/planOf';
import { assertNothingLeft, fixtureModel, startedRun, until, untilRunIs } from '../../support/startedRun';
import { workDirectory, type WorkDirectory } from '../../support/workDirectory';

/** Takes every signal that can be taken, and tells of it instead of ending. */
const tellsSignals = `
  for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGCONT']) process.on(name, () => console.log(name));
  setInterval(() => undefined, 1000);
  console.log('ready');
`;

/** Ends at once, and leaves one behind in its group that does not carry its marker. */
const leavesUnmarked = `
  require('node:child_process')
    .spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { env: {}, stdio: 'ignore' })
    .unref();
`;

describe('the process group of a model that has ended', () => {
  let work: WorkDirectory;
  let run: Run | undefined;
  beforeEach(() => {
    work = workDirectory();
    run = undefined;
  });
  afterEach(async () => {
    if (run?.live === true) await run.stop({ force: true });
    run?.dispose();
    work.remove();
  });

  /** A run whose model has ended; gives the number that was the model's. */
  async function withEndedModel(argv: readonly string[]): Promise<number> {
    const plan = planOf({ directory: work.path, port: await freePort(), models: [{ name: 'sim', argv }] });
    run = await startedRun(plan, work);
    assert.ok((await untilLaunched(run)).ok);
    await untilRunIs(run, 'sim is completed', ({ snapshot }) => snapshot.models[0]!.status === 'Completed');
    return run.snapshot.models[0]!.identity!.pid;
  }

  it('is ended with the run while it is proved to be ours, also what carries no marker', async () => {
    const leader = await withEndedModel([process.execPath, '-e', leavesUnmarked]);
    const { processes } = leftovers({ pids: [leader] });
    assert.equal(processes.length, 1);
    try {
      assert.ok((await run!.stop()).ok);
      assert.deepEqual(leftovers({ pids: [leader] }).processes, []);
    } finally {
      for (const { pid } of processes) killQuietly(pid, 'SIGKILL');
    }
  });

  for (const [circumstance, argv] of [
    ['that left nothing behind', fixtureModel('exit', '0')],
    ['whatever it had left behind', [process.execPath, '-e', leavesUnmarked]],
  ] as const) {
    it(`is not signalled when its number is that of a stranger's group by now, ${circumstance}`, async () => {
      assert.equal(
        process.getuid?.(),
        0,
        'only root chooses the numbers of processes: run this test as root',
      );
      const number = await withEndedModel(argv);
      for (const { pid } of leftovers({ pids: [number] }).processes) process.kill(pid, 'SIGKILL');
      await until('the end of its group', () => !killQuietly(-number, 0));
      const stranger = await strangerWithNumber(number);
      let told = '';
      stranger.stdout!.on('data', (chunk: Buffer) => {
        told += String(chunk);
      });
      await until('what it has left behind', () => told.endsWith('ready\n'));
      const left = Number(told.split('\n')[0]);
      try {
        await until('the end of its leader', () => readProcessStat(number) === undefined);
        assert.equal(readProcessStat(left)?.group, number);
        const stopped = await run!.stop();
        assert.ok(stopped.ok);
        assert.equal(readProcessStat(left)?.group, number, 'the stranger was killed');
        assert.equal(told, `${left}\nready\n`, 'the stranger was signalled');
      } finally {
        killQuietly(left, 'SIGKILL');
      }
      await assertNothingLeft(planned());
    });
  }

  function planned(): Parameters<typeof assertNothingLeft>[0] {
    const { id, orchestrators } = run!.snapshot;
    const plan = planOf({ directory: work.path, port: orchestrators[0]!.shards[0]!.port, runId: id });
    return plan;
  }
});

/** A job that gets this number as the leader of a session, and ends at once; what it started stays in its group. */
async function strangerWithNumber(number: number): Promise<ChildProcess> {
  const leave = '"$0" -e "$1" & echo $!';
  for (let attempt = 0; attempt < 500; attempt += 1) {
    writeFileSync('/proc/sys/kernel/ns_last_pid', String(number - 1));
    // Held back until it is known to have the number: others start processes, too.
    const child = spawn('/bin/sh', ['-c', `read held || exit; ${leave}`, process.execPath, tellsSignals], {
      detached: true,
      env: {},
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    if (child.pid === number) {
      child.stdin.end('go\n');
      return child;
    }
    const ended = once(child, 'exit');
    child.stdin.end();
    await ended;
  }
  throw new Error(`No process got the number ${number}: others took it each time`);
}
