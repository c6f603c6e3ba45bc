import path from 'node:path';
import { pruneRuns } from '../../core/run/pruneRuns';
import { removeUnusedRuntimes } from '../../core/run/supervisorRuntime';
import { UsageError, type Command } from '../command';
import { exitCode, type ExitCode } from '../exitCodes';
import { tellFailure } from '../render/failure';
import { problemToJson, renderProblem } from '../render/problems';
import { prunedToJson, renderPruned } from '../render/pruned';
import { directoriesOf } from './openedRuns';

/**
 * Removes old runs: of one file, or of all. What every launch does for its own experiment this does on request, and it
 * tells what it could not do.
 */
export const prune: Command = {
  name: 'prune',
  usage: '[FILE] [--dry-run]',
  summary: 'remove runs that ended long ago, and shorten long logs; --dry-run only tells',
  options: { 'dry-run': { type: 'boolean' } },
  async run(context): Promise<ExitCode> {
    const { positionals, directory, values, json, out, err } = context;
    const [name, ...others] = positionals;
    if (others.length > 0) throw new UsageError('name one experiment file, or none');
    const file = name === undefined ? undefined : path.resolve(directory, name);
    const dryRun = values['dry-run'] === true;
    const directories = directoriesOf(context);
    const pruned = await pruneRuns(directories, {
      of: (record) => file === undefined || record.file === file,
      dryRun,
    });
    if (!pruned.ok) return tellFailure(pruned.problems, context, prunedToJson(nothing, dryRun));
    const { problems } = pruned.value;
    if (!dryRun) await removeUnusedRuntimes(directories);
    if (json) {
      const result = { ...prunedToJson(pruned.value, dryRun), problems: problems.map(problemToJson) };
      out.write(`${JSON.stringify(result)}\n`);
    } else {
      out.write(renderPruned(pruned.value, dryRun));
      for (const found of problems) err.write(renderProblem(found, directory));
    }
    return problems.length === 0 ? exitCode.done : exitCode.failed;
  },
};

const nothing = { removed: [], forgotten: [], cut: [], problems: [] };
