import { cp, lstat, symlink, unlink } from 'node:fs/promises';
import path from 'node:path';
import { makeDirectory } from '../base/makeDirectory';
import { problem, type Place, type Problem } from '../base/problem';
import type { Log } from '../base/log';
import type { ModelPlan, StageStep } from '../plan/deploymentPlan';
import { fileProblem, systemErrorCode } from './fileProblem';

/** Makes a model's directory and puts its files there. What an earlier run left is written over. */
export async function stageFiles(
  model: ModelPlan,
  file: string,
  signal: AbortSignal,
): Promise<Problem | undefined> {
  try {
    await makeDirectory(model.directory);
  } catch (error) {
    return fileProblem(error, model.directory, { file, path: model.at });
  }
  for (const step of model.stage) {
    signal.throwIfAborted();
    const found = await stageOne(model.name, step, { file, path: step.at });
    if (found !== undefined) return found;
  }
  return undefined;
}

async function stageOne(model: string, step: StageStep, place: Place): Promise<Problem | undefined> {
  const { from, to } = step;
  if (path.resolve(from) === path.resolve(to)) return undefined;
  try {
    await lstat(from);
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT')
      return problem('staged-file-vanished', { model, from }, { place });
    return fileProblem(error, from, place);
  }
  try {
    if (step.action === 'copy') await cp(from, to, { recursive: true, force: true });
    else if (!(await replaceSymlink(from, to))) {
      return problem('staged-file-in-the-way', { model, to }, { place });
    }
    return undefined;
  } catch (error) {
    return fileProblem(error, to, place);
  }
}

/** `<model directory>/<name>.out` and `.err`, as SmartSim leaves them; a file of the user in that place stays. */
export async function linkOutputs(model: ModelPlan, log: Log): Promise<void> {
  for (const [target, ending] of [
    [model.out, 'out'],
    [model.err, 'err'],
  ] as const) {
    const link = path.join(model.directory, `${model.name}.${ending}`);
    try {
      if (!(await replaceSymlink(target, link))) log.warn(`${link} is a file of its own and was left.`);
    } catch (error) {
      log.warn(`${link} could not be linked: ${systemErrorCode(error) ?? String(error)}`);
    }
  }
}

/** False: something that is no symbolic link is in that place. */
async function replaceSymlink(target: string, link: string): Promise<boolean> {
  try {
    if (!(await lstat(link)).isSymbolicLink()) return false;
    await unlink(link);
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error;
  }
  await symlink(target, link);
  return true;
}
