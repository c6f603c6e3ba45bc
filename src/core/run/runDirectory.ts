import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { makeDirectory } from '../base/makeDirectory';
import type { Problem } from '../base/problem';
import type { DeploymentPlan } from '../plan/deploymentPlan';
import { fileProblem } from '../launch/fileProblem';
import { newSecret, secretFile, supervisorUserLine } from '../launch/supervisorUser';

/** Log of the supervisor, in the folder of logs. */
export function supervisorLog(runDirectory: string): string {
  return path.join(runDirectory, 'logs', 'supervisor.log');
}

/**
 * Makes the directory of a run with everything in it that must be there before the first process:
 * folders (0700), the servers' configurations and the secret of their supervisor (0600). What was made is removed
 * when it fails.
 */
export async function createRunDirectory(plan: DeploymentPlan): Promise<Problem | undefined> {
  const shards = plan.orchestrators.flatMap((orchestrator) => orchestrator.shards);
  const folders = new Set([
    path.dirname(supervisorLog(plan.runDirectory)),
    ...shards.flatMap((shard) => [
      shard.directory,
      path.dirname(shard.configuration.path),
      path.dirname(shard.out),
      path.dirname(shard.err),
    ]),
    ...(plan.engine === undefined ? [] : [path.dirname(plan.engine.copy)]),
    ...plan.models.flatMap((model) => [path.dirname(model.out), path.dirname(model.err)]),
  ]);
  let current = path.dirname(plan.runDirectory);
  try {
    await makeDirectory(current);
    current = plan.runDirectory;
    await mkdir(current, { mode: 0o700 });
  } catch (error) {
    return fileProblem(error, current);
  }
  try {
    // A mode given to mkdir is cut by the user's mask, which may be wider or narrower than we need.
    await chmod(plan.runDirectory, 0o700);
    for (current of folders) await makeDirectory(current, 0o700);
    if (plan.engine !== undefined) {
      current = plan.engine.from;
      // Redis 7 loads no module that nobody may execute, and packages lose that permission.
      await writeFile(plan.engine.copy, new Uint8Array(await readFile(current)), { mode: 0o500, flag: 'wx' });
    }
    const secret = newSecret();
    current = secretFile(plan.runDirectory);
    await writeFile(current, secret, { mode: 0o600, flag: 'wx' });
    for (const { configuration } of shards) {
      current = configuration.path;
      // The user comes last, so that the lines before are where the plan says.
      const text = configuration.text + supervisorUserLine(secret);
      await writeFile(current, text, { mode: 0o600, flag: 'wx' });
    }
    return undefined;
  } catch (error) {
    await removeRunDirectory(plan.runDirectory);
    return fileProblem(error, current);
  }
}

/** Removes the directory of a run that never began. */
export async function removeRunDirectory(runDirectory: string): Promise<void> {
  await rm(runDirectory, { recursive: true, force: true });
}
