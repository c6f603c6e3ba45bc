import type { Problem } from '../../core/base/problem';
import { checkExperiment, type CheckedExperiment } from '../../core/plan/checkExperiment';
import { previewRunId } from '../../core/plan/runPaths';
import { UsageError, type Command, type CommandContext } from '../command';
import { exitCode, type ExitCode } from '../exitCodes';
import { renderPlan } from '../render/plan';
import { problemToJson, renderProblem } from '../render/problems';
import { readExperiment } from './readExperiment';
import { siteOptionsOf } from './siteOptions';

export const plan: Command = {
  name: 'plan',
  usage: 'FILE',
  summary: 'show everything that a launch would do; starts and writes nothing',
  async run(context): Promise<ExitCode> {
    const [name, ...others] = context.positionals;
    if (name === undefined || others.length > 0) throw new UsageError('name one experiment file');
    const source = await readExperiment(name, context.directory);
    if (!source.ok) return tell({ problems: source.problems }, context);
    const options = { site: siteOptionsOf(context), runId: previewRunId, signal: context.signal };
    return tell(await checkExperiment(source.value, options), context);
  },
};

function tell(
  { plan: planned, spec, problems }: Partial<CheckedExperiment> & { readonly problems: readonly Problem[] },
  { json, out, err, directory }: CommandContext,
): ExitCode {
  if (json) {
    const shape = {
      ...(planned === undefined ? {} : { plan: planned }),
      problems: problems.map(problemToJson),
    };
    out.write(`${JSON.stringify(shape)}\n`);
  } else {
    for (const found of problems) err.write(renderProblem(found, directory));
    if (planned !== undefined && spec !== undefined) out.write(renderPlan(planned, spec));
  }
  return planned === undefined ? exitCode.failed : exitCode.done;
}
