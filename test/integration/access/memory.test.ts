import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readlinkSync, rmdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { messageOf } from '../../../src/core/base/problem';
import type { Run } from '../../../src/core/run/run';
import type { ShardSnapshot } from '../../../src/core/deployment/runSnapshot';
import { fixtureModel, until, untilRunIs } from '../../support/startedRun';
import { StartedRuns } from '../../support/startedRuns';
import { asSupervisor } from '../../support/asSupervisor';

const mebibyte = 1024 ** 2;

describe('a server and its memory', function () {
  this.timeout(60_000);
  let runs: StartedRuns;
  let run: Run;

  beforeEach(async () => {
    runs = new StartedRuns();
    // A run in which nothing lives ends by itself; the model keeps it.
    run = await runs.launchModels({ name: 'sim', argv: fixtureModel('wait') });
  });
  afterEach(() => runs.end());

  function shard(): ShardSnapshot {
    return run.snapshot.orchestrators[0]!.shards[0]!;
  }

  function redis(...command: readonly string[]): string {
    return asSupervisor(run.snapshot.runDirectory, shard().port, ...command);
  }

  /** Makes the server hold so many bytes, in as many steps as one command may take. */
  function fill(bytes: number): void {
    for (let key = 0; key * 64 * mebibyte < bytes; key++)
      redis('SETRANGE', `big:${key}`, String(64 * mebibyte - 1), 'x');
  }

  function ending(): string {
    return messageOf(shard().cause!);
  }

  it('is told as killed by the kernel when memory ran out, and only then', async () => {
    assert.equal(
      process.getuid?.() === 0 && readlinkSync('/proc/self/ns/pid') === 'pid:[4026531836]',
      true,
      'needs root in the first pid namespace, to limit memory and to read the log of the kernel',
    );
    const group = controlGroup(48 * mebibyte);
    try {
      writeFileSync(path.join(group, 'cgroup.procs'), String(shard().identity!.pid));
      assert.throws(() => {
        fill(512 * mebibyte);
      });
      await untilRunIs(run, 'the server has failed', () => shard().status === 'Failed');
      assert.equal(shard().signal, 'SIGKILL');
      assert.match(ending(), /killed by the kernel, because memory ran out/);
    } finally {
      await until('the control group is empty', () => removed(group));
    }
    assert.ok((await run.restart('orchestrator_0')).ok);
    await untilRunIs(run, 'the server is back', () => shard().status === 'Running');
    process.kill(shard().identity!.pid, 'SIGKILL');
    await untilRunIs(run, 'the server has failed again', () => shard().status === 'Failed');
    assert.match(ending(), /killed by SIGKILL \(somebody used `kill -9`, or the kernel ran out of memory\)/);
  });

  it('has its port again when it is restarted at once, however long its memory takes to be given back', async () => {
    for (let round = 0; round < 3; round++) {
      fill(1024 * mebibyte);
      process.kill(shard().identity!.pid, 'SIGKILL');
      const before = shard().identity!.pid;
      const restarted = await run.restart('orchestrator_0');
      assert.ok(restarted.ok, restarted.problems.map(messageOf).join());
      await untilRunIs(run, 'another process serves', () => shard().identity?.pid !== before);
      assert.equal(redis('DBSIZE'), '0');
    }
  });
});

/** A new control group whose processes may use so many bytes; of version 1 or 2, whichever is there. */
function controlGroup(bytes: number): string {
  const ofVersion1 = existsSync('/sys/fs/cgroup/memory/memory.limit_in_bytes');
  const root = ofVersion1 ? '/sys/fs/cgroup/memory' : '/sys/fs/cgroup';
  const limit = ofVersion1 ? 'memory.limit_in_bytes' : 'memory.max';
  const group = path.join(root, `ssw-test-${process.pid}`);
  try {
    mkdirSync(group);
    writeFileSync(path.join(group, limit), String(bytes));
  } catch (error) {
    assert.fail(`needs control groups for memory that root may make below ${root}: ${String(error)}`);
  }
  return group;
}

function removed(group: string): boolean {
  try {
    rmdirSync(group);
    return true;
  } catch {
    return false;
  }
}
