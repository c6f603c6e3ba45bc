import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { RunEvent } from '../../src/core/deployment/runEvents';
import type { ProcessIdentity } from '../../src/core/launch/launchEvents';
import { identify } from '../../src/core/launch/processIdentity';
import type { DeploymentPlan } from '../../src/core/plan/deploymentPlan';
import { journalText } from '../../src/core/run/journal';
import { newRunId } from '../../src/core/run/newRunId';
import { createRunDirectory } from '../../src/core/run/runDirectory';
import { RunIndex } from '../../src/core/run/runIndex';
import type { RunRecord } from '../../src/core/run/runRecord';
import { planOf } from './planOf';
import type { WorkDirectory } from './workDirectory';

export const day = 24 * 3_600_000;

/** Who a process was that is gone. */
export function goneProcess(): ProcessIdentity {
  return { ...identify(process.pid)!, startTime: '1' };
}

export interface PastRun {
  /** Days since it was launched. */
  readonly began: number;
  /** Days since it ended; null: nobody has recorded its end. */
  readonly ended?: number | null;
  readonly supervisor?: ProcessIdentity;
  /** Of the journal. */
  readonly format?: number;
}

let made = 0;

/** Of twenty ids of one second, two would be the same now and then. */
function distinctRunId(began: Date): string {
  const time = newRunId(began).slice(0, -4);
  return `${time}${(made++).toString(16).padStart(4, '0')}`;
}

/** The directory, journal and record of a run that was launched long ago, as a launch leaves them. */
export async function pastRun(work: WorkDirectory, given: PastRun): Promise<RunRecord> {
  const { began, ended = began, supervisor = goneProcess(), format } = given;
  const at = (days: number): number => Date.now() - days * day;
  const plan = planOf({ directory: work.path, runId: distinctRunId(new Date(at(began))) });
  assert.equal(await createRunDirectory(plan), undefined);
  const events: readonly RunEvent[] = [
    { type: 'run-planned', plan },
    { type: 'supervisor-started', identity: supervisor, socket: path.join(work.path, 'none'), version: '0' },
    { type: 'launch-finished' },
    ...(ended === null ? [] : [{ type: 'run-ended' } as const]),
  ];
  const recorded = events.map((event, index) => ({
    sequence: index + 1,
    at: at(event.type === 'run-ended' ? (ended ?? began) : began),
    elapsedMs: index,
    event,
    // Wins over that of this version.
    ...(format === undefined ? {} : { format }),
  }));
  writeFileSync(path.join(plan.runDirectory, 'journal.jsonl'), journalText(recorded));
  const record = recordOf(plan, at(began));
  assert.equal(await new RunIndex(work.directories).add(record), undefined);
  return record;
}

function recordOf(plan: DeploymentPlan, createdAt: number): RunRecord {
  return {
    version: 1,
    id: plan.runId,
    experiment: plan.experiment,
    file: plan.file,
    runDirectory: plan.runDirectory,
    host: plan.host,
    createdAt,
    starter: goneProcess(),
  };
}
