import assert from 'node:assert/strict';
import { appendFileSync, writeFileSync } from 'node:fs';
import files from 'node:fs/promises';
import path from 'node:path';
import type { RecordedEvent, RunEvent } from '../../../src/core/deployment/runEvents';
import type { ProcessIdentity } from '../../../src/core/launch/launchEvents';
import { identify } from '../../../src/core/launch/processIdentity';
import { journalName, journalText } from '../../../src/core/run/journal';
import { runFromJournal } from '../../../src/core/run/runFromJournal';
import { planOf } from '../../support/planOf';
import { workDirectory, type WorkDirectory } from '../../support/workDirectory';

describe('a run by its journal', () => {
  const { readFile } = files;
  let work: WorkDirectory;
  beforeEach(() => {
    work = workDirectory();
  });
  afterEach(() => {
    files.readFile = readFile;
    work.remove();
  });

  const gone = { ...identify(process.pid)!, startTime: '1' };
  const begun: readonly RunEvent[] = [
    { type: 'run-planned', plan: planOf({ directory: '/somewhere' }) },
    { type: 'supervisor-started', identity: gone, socket: '/somewhere/s', version: '0' },
    { type: 'stop-requested' },
  ];
  const whole = journalText([...begun, { type: 'run-ended' } as const].map(numbered));
  const half = journalText(begun.map(numbered));

  it('is lost where its writer is gone and has not recorded the end', async () => {
    writeFileSync(path.join(work.path, journalName), half);
    const run = await runFromJournal(work.path);
    assert.ok(run.ok);
    assert.equal(run.value.phase, 'lost');
  });

  it('is lost where no supervisor has begun and whoever asked for it is gone, and planned while he lives', async () => {
    writeFileSync(path.join(work.path, journalName), journalText(begun.slice(0, 1).map(numbered)));
    const phaseBy = async (starter: ProcessIdentity): Promise<unknown> => {
      const run = await runFromJournal(work.path, starter);
      return run.ok && run.value.phase;
    };
    assert.equal(await phaseBy(gone), 'lost');
    assert.equal(await phaseBy(identify(process.pid)!), 'planned');
  });

  it('is over, not lost, where its writer records the end and is gone after the first reading', async () => {
    const journal = path.join(work.path, journalName);
    writeFileSync(journal, half);
    const readThenEnd = async (file: string): Promise<Buffer> => {
      const bytes = await readFile(file);
      files.readFile = readFile;
      appendFileSync(journal, whole.subarray(half.length));
      return bytes;
    };
    files.readFile = readThenEnd as typeof readFile;
    const run = await runFromJournal(work.path);
    assert.ok(run.ok);
    assert.equal(files.readFile, readFile, 'it was read in this way');
    assert.equal(run.value.phase, 'stopped');
  });
});

function numbered(event: RunEvent, index: number): RecordedEvent {
  return { sequence: index + 1, at: index, elapsedMs: index, event };
}
