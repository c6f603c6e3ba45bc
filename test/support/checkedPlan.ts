import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { messageOf } from '../../src/core/base/problem';
import { checkExperiment } from '../../src/core/plan/checkExperiment';
import type { DeploymentPlan } from '../../src/core/plan/deploymentPlan';
import { newRunId } from '../../src/core/run/newRunId';
import { packedEngine } from './builtEngine';
import type { WorkDirectory } from './workDirectory';

/** The plan of an experiment file with this text, made on this very machine. */
export async function checkedPlan(work: WorkDirectory, text: string): Promise<DeploymentPlan> {
  const file = path.join(work.path, 'wave.smartsim.yaml');
  writeFileSync(file, text);
  const site = { environment: process.env, dataDirectory: work.directories.data, engine: packedEngine };
  const { plan, problems } = await checkExperiment({ file, text }, { runId: newRunId(new Date()), site });
  assert.ok(plan, problems.map(messageOf).join());
  return plan;
}
