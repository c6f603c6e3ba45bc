import path from 'node:path';
import { messageOf, severityOf, type Problem } from '../../core/base/problem';
import { success } from '../../core/base/result';
import type { RunSnapshot } from '../../core/deployment/runSnapshot';
import { toRunStatus } from '../../core/deployment/toRunStatus';
import { checkExperiment } from '../../core/plan/checkExperiment';
import { newRunId } from '../../core/run/newRunId';
import type { Run } from '../../core/run/run';
import { startRun } from '../../core/run/startRun';
import { untilLaunched, untilRun } from '../../core/run/untilLaunched';
import type { ExperimentDocument } from '../../core/spec/experimentDocument';
import { locate } from '../../core/spec/locate';
import { UsageError, type Command, type CommandContext } from '../command';
import { exitCode, type ExitCode } from '../exitCodes';
import { progressLines } from '../render/launchProgress';
import { paintFor } from '../render/paint';
import { problemToJson, renderProblem } from '../render/problems';
import { renderRunStatus } from '../render/runStatus';
import { directoriesOf } from './openedRuns';
import { readExperiment } from './readExperiment';
import { siteOptionsOf } from './siteOptions';

/**
 * Launches. Attached, it waits until all models have ended, then stops the orchestrators, and ends
 * with 0 if every model completed; without models it stays until Ctrl-C. `--detach` ends when the
 * launch has, and leaves everything running. Ctrl-C stops what was started, twice by force.
 */
export const up: Command = {
  name: 'up',
  usage: 'FILE [--detach]',
  summary: 'launch an experiment and see it through; --detach leaves it running',
  options: { detach: { type: 'boolean', short: 'd' } },
  whenInterrupted: 'nothing was started',
  async run(context): Promise<ExitCode> {
    const [name, ...others] = context.positionals;
    if (name === undefined || others.length > 0) throw new UsageError('name one experiment file');
    const source = await readExperiment(name, context.directory);
    if (!source.ok) return refuse(source.problems, context);
    const { plan, problems, document } = await checkExperiment(source.value, {
      site: siteOptionsOf(context),
      runId: newRunId(new Date()),
      signal: context.signal,
    });
    if (plan === undefined) return refuse(problems, context);
    tellProblems(problems, context);
    const run = await startRun(plan, {
      node: process.execPath,
      supervisor: path.join(__dirname, 'supervisor.js'),
      environment: context.environment,
      directories: directoriesOf(context),
      signal: context.signal,
    });
    if (!run.ok) {
      context.signal.throwIfAborted();
      return refuse(run.problems, context);
    }
    const following = followProgress(run.value, context);
    try {
      return await seeThrough(run.value, document, context);
    } finally {
      following.dispose();
      run.value.dispose();
    }
  },
};

async function seeThrough(
  run: Run,
  document: ExperimentDocument,
  context: CommandContext,
): Promise<ExitCode> {
  const launched = await untilLaunched(run, context.signal);
  if (context.signal.aborted) return interrupt(run, context);
  if (!launched.ok) {
    const problems = launched.problems.map((found) => located(found, document));
    tellProblems(problems, context);
    tellRun(run.snapshot, problems, context);
    return exitCode.failed;
  }
  if (context.values['detach'] === true) {
    tellRun(run.snapshot, [], context);
    return run.snapshot.phase === 'degraded' ? exitCode.failed : exitCode.done;
  }
  const over = await untilRun(run, whenOver, context.signal);
  // It fails by Ctrl-C only.
  if (!over.ok) return interrupt(run, context);
  const models = run.snapshot.models;
  const completed = models.length > 0 && models.every(({ status }) => status === 'Completed');
  const stopped = await run.stop();
  tellProblems(stopped.problems, context);
  tellRun(run.snapshot, stopped.problems, context);
  return completed && stopped.ok ? exitCode.done : exitCode.failed;
}

/** A failure of the launch with its lines in the experiment file. */
function located(found: Problem, document: ExperimentDocument): Problem {
  const { place } = found;
  if (place?.path === undefined || place.file !== document.file) return found;
  return { ...found, place: { ...place, range: locate(document, place.path) } };
}

/** All models have ended, for good; or the run is over by other hands. */
function whenOver({ snapshot, live }: Run): ReturnType<typeof success<void>> | undefined {
  const ended = ({ status }: { status: string }): boolean => status !== 'New' && status !== 'Running';
  const { models } = snapshot;
  const over = !live || snapshot.endedAt !== undefined || (models.length > 0 && models.every(ended));
  return over ? success(undefined) : undefined;
}

async function interrupt(run: Run, context: CommandContext): Promise<ExitCode> {
  context.err.write('Stopping everything; press Ctrl-C again to do it by force.\n');
  context.onNextInterrupt(() => {
    void run.stop({ force: true });
  });
  const stopped = await run.stop();
  tellProblems(stopped.problems, context);
  tellRun(run.snapshot, stopped.problems, context);
  return exitCode.interrupted;
}

function followProgress(run: Run, { err, environment }: CommandContext): { dispose(): void } {
  const paint = paintFor(err, environment);
  err.write(`${run.record.experiment}: run ${run.record.id}\n`);
  let before: RunSnapshot | undefined;
  const tell = (): void => {
    for (const line of progressLines(before, run.snapshot, paint)) err.write(`${line}\n`);
    before = run.snapshot;
  };
  tell();
  return run.onDidChange(tell);
}

function tellProblems(problems: readonly Problem[], { err, directory }: CommandContext): void {
  for (const found of problems) err.write(renderProblem(found, directory));
}

/** The JSON has the problems beside the run: `{"runs": […], "problems": […]}`. */
function tellRun(
  snapshot: RunSnapshot,
  problems: readonly Problem[],
  { json, out, environment }: CommandContext,
): void {
  const status = toRunStatus(snapshot);
  if (json) out.write(`${JSON.stringify({ runs: [status], problems: problems.map(problemToJson) })}\n`);
  else out.write(renderRunStatus(status, paintFor(out, environment), problems.map(messageOf)));
}

function refuse(problems: readonly Problem[], context: CommandContext): ExitCode {
  if (context.json) {
    context.out.write(`${JSON.stringify({ runs: [], problems: problems.map(problemToJson) })}\n`);
  } else {
    tellProblems(problems, context);
    const errors = problems.filter((found) => severityOf(found) === 'error').length;
    // A launch that somebody cancelled has no errors, and has said what became of it.
    if (errors > 0)
      context.err.write(`Nothing was started: ${errors} ${errors === 1 ? 'error' : 'errors'}.\n`);
  }
  return exitCode.failed;
}
