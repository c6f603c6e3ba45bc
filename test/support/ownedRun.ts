import assert from 'node:assert/strict';
import { silentLog } from '../../src/core/base/log';
import { messageOf } from '../../src/core/base/problem';
import { defaultLimits, type LaunchLimits, type LaunchStep } from '../../src/core/launch/launchContext';
import { identify } from '../../src/core/launch/processIdentity';
import { launchEnvironment } from '../../src/core/launch/runMarker';
import type { RecordedEvent } from '../../src/core/deployment/runEvents';
import { reduceRun } from '../../src/core/deployment/reduceRun';
import type { DeploymentPlan } from '../../src/core/plan/deploymentPlan';
import { Journal } from '../../src/core/run/journal';
import { createRunDirectory } from '../../src/core/run/runDirectory';
import { supervisorCredentials } from '../../src/core/launch/supervisorUser';
import { RunOwner } from '../../src/supervisor/runOwner';
import { RunRecorder } from '../../src/core/run/runRecorder';

export interface OwnedRun {
  readonly owner: RunOwner;
  readonly recorder: RunRecorder;
  readonly journal: Journal;
}

/** What a supervisor does, in this process: so that a test can let faults happen between two steps. */
export async function ownedRun(
  plan: DeploymentPlan,
  onStep: (step: LaunchStep, owner: () => RunOwner) => void,
  limits: Partial<LaunchLimits> = {},
): Promise<OwnedRun> {
  const failed = await createRunDirectory(plan);
  assert.equal(failed, undefined, failed && messageOf(failed));
  const first: RecordedEvent = { sequence: 1, at: 0, elapsedMs: 0, event: { type: 'run-planned', plan } };
  const journal = Journal.create(plan.runDirectory, first);
  assert.ok(journal.ok);
  const credentials = supervisorCredentials(plan.runDirectory);
  assert.ok(credentials.ok);
  const recorder = new RunRecorder(journal.value, reduceRun(undefined, first), performance.now(), silentLog);
  const owner: RunOwner = new RunOwner({
    plan,
    environment: launchEnvironment(process.env),
    credentials: credentials.value,
    recorder,
    limits: { ...defaultLimits, ...limits },
    log: silentLog,
    onStep: (step) => {
      onStep(step, () => owner);
    },
  });
  recorder.record({
    type: 'supervisor-started',
    identity: identify(process.pid)!,
    socket: '',
    version: '0',
  });
  return { owner, recorder, journal: journal.value };
}
