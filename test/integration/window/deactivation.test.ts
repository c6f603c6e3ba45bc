import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { openRun } from '../../../src/core/run/openRun';
import { untilLaunched } from '../../../src/core/run/untilLaunched';
import { CommandLine, environmentIn } from '../../support/commandLine';
import { leftoversOf } from '../../support/leftovers';
import { projectRoot } from '../../support/projectRoot';
import { recordedRuns, until } from '../../support/startedRun';
import { workDirectory, type WorkDirectory } from '../../support/workDirectory';

/** What a launch reports, in its order. */
const steps = ['checking the file', 'starting the supervisor', 'starting the orchestrator', 'launched'];
/** Milliseconds between the goodbye of the window and the end of its host. */
const deadlines = [0, 5, 25, 100];

describe('a window that is closed while it launches', function () {
  this.timeout(120_000);
  let work: WorkDirectory;
  beforeEach(() => {
    work = workDirectory();
  });
  afterEach(async () => {
    // A test that failed has not stopped what it began.
    for (const record of await recordedRuns(work)) {
      const run = await openRun(record);
      if (run.live) await run.stop({ force: true });
      run.dispose();
    }
    work.remove();
  });

  for (const step of steps) {
    it(`leaves a run that goes on, or nothing, when it was "${step}"`, async () => {
      for (const [index, deadline] of deadlines.entries()) await leave(step, deadline, index);
    });
  }

  async function leave(step: string, deadline: number, index: number): Promise<void> {
    const file = path.join(work.path, `closed${index}.smartsim.yaml`);
    writeFileSync(
      file,
      `version: 1
experiment: closed${index}
orchestrator: {port: auto}
models:
  sleeps: {run_settings: {exe: sleep, exe_args: ["600"]}}
`,
    );
    await closeAt(file, step, deadline);
    const records = (await recordedRuns(work)).filter((record) => record.file === file);
    assert.ok(records.length <= 1);
    if (step === 'launched') assert.equal(records.length, 1);
    for (const record of records) {
      const run = await openRun(record);
      if (step === 'launched') assert.equal(run.live, true, 'its supervisor has outlived the window');
      if (run.live) {
        assert.ok((await untilLaunched(run)).ok, 'a run that has a supervisor comes about');
        assert.deepEqual(
          run.snapshot.models.map(({ status }) => status),
          ['Running'],
        );
      }
      run.dispose();
    }
    const { exitCode, err } = await new CommandLine(work).ssw('down', file);
    assert.equal(exitCode, 0, `ssw down ends what was begun at "${step}" after ${deadline} ms: ${err}`);
    for (const { id } of records) await until('nothing is left', () => leftoversOf(id).length === 0);
  }

  async function closeAt(file: string, step: string, deadline: number): Promise<void> {
    const host = spawn(
      process.execPath,
      [
        path.join(projectRoot, 'test/fixtures/window/hostThatLeaves.cjs'),
        projectRoot,
        file,
        step,
        String(deadline),
      ],
      { env: environmentIn(work), stdio: ['ignore', 'ignore', 'pipe'], detached: true },
    );
    let said = '';
    host.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    const [, signal] = (await once(host, 'exit')) as [number | null, string | null];
    assert.equal(signal, 'SIGKILL', said.slice(-2000));
  }
});
