import { severityOf, type Problem } from '../../core/base/problem';
import { checkExperiment } from '../../core/plan/checkExperiment';
import { previewRunId } from '../../core/plan/runPaths';
import { ServerVersions } from '../../core/site/serverVersion';
import { UsageError, type Command, type CommandContext } from '../command';
import { exitCode, type ExitCode } from '../exitCodes';
import { problemToJson, renderCounts, renderProblem } from '../render/problems';
import { readExperiment } from './readExperiment';
import { siteOptionsOf } from './siteOptions';

export const validate: Command = {
  name: 'validate',
  usage: 'FILE… [--offline]',
  summary: 'tell the problems of experiment files; --offline does not look at this machine',
  options: { offline: { type: 'boolean' } },
  async run(context): Promise<ExitCode> {
    const { positionals, json, out, directory } = context;
    if (positionals.length === 0) throw new UsageError('name at least one experiment file');
    const versions = new ServerVersions();
    const problems: Problem[] = [];
    for (const name of positionals) problems.push(...(await problemsOf(name, context, versions)));
    if (json) out.write(`${JSON.stringify({ problems: problems.map(problemToJson) })}\n`);
    else {
      for (const found of problems) out.write(renderProblem(found, directory));
      out.write(renderCounts(problems, positionals.length));
    }
    return problems.some((found) => severityOf(found) === 'error') ? exitCode.failed : exitCode.done;
  },
};

async function problemsOf(
  name: string,
  context: CommandContext,
  versions: ServerVersions,
): Promise<readonly Problem[]> {
  const source = await readExperiment(name, context.directory);
  if (!source.ok) return source.problems;
  const site = context.values['offline'] === true ? {} : { site: { ...siteOptionsOf(context), versions } };
  const checked = await checkExperiment(source.value, {
    ...site,
    runId: previewRunId,
    signal: context.signal,
  });
  return checked.problems;
}
