import { problem, type Problem } from '../base/problem';
import type { ModelPlan, ShardPlan } from '../plan/deploymentPlan';
import type { KnownEnd, ProcessEnd } from './childProcess';
import { lastLinesOf } from './lastLines';

const meanings: Readonly<Record<string, string>> = {
  SIGKILL: 'somebody used `kill -9`, or the kernel ran out of memory',
  SIGTERM: 'somebody asked it to end',
  SIGINT: 'somebody interrupted it',
  SIGHUP: 'its terminal was closed, or somebody sent the signal',
  SIGSEGV: 'it accessed memory that is not its own',
  SIGBUS: 'it accessed memory that is not there, or a disk is full',
  SIGABRT: 'it gave up by itself',
  SIGFPE: 'a calculation went wrong, such as a division by zero',
  SIGILL: 'it was built for another processor',
  SIGXCPU: 'it used more processor time than it may',
  SIGXFSZ: 'it wrote a larger file than it may',
};

/** How a process ended, in words that fit after a colon. */
export function endingInWords({
  returnCode,
  signal,
  forMemory = false,
}: ProcessEnd & Partial<KnownEnd>): string {
  if (forMemory) return 'killed by the kernel, because memory ran out';
  if (signal === null) return `return code ${returnCode ?? 'unknown'}`;
  const meaning = meanings[signal];
  return `killed by ${signal}${meaning === undefined ? '' : ` (${meaning})`}`;
}

/** Why a model that nobody asked to end is not `Completed`; undefined when it is. */
export async function modelEndProblem(
  model: ModelPlan,
  file: string,
  end: KnownEnd,
): Promise<Problem | undefined> {
  if (end.returnCode === 0) return undefined;
  const evidence = await lastLinesOf(model.out, model.err);
  return problem(
    'model-failed',
    { model: model.name, ending: endingInWords(end), out: model.out, err: model.err },
    { place: { file, path: model.at }, ...(evidence === '' ? {} : { evidence }) },
  );
}

/** Why a shard that had answered and that nobody asked to end is gone: never a success, even with return code 0. */
export async function shardEndProblem(shard: ShardPlan, file: string, end: KnownEnd): Promise<Problem> {
  const evidence = await lastLinesOf(shard.out, shard.err);
  return problem(
    'server-ended',
    { shard: shard.name, ending: endingInWords(end), log: shard.out },
    { place: { file, path: shard.at }, ...(evidence === '' ? {} : { evidence }) },
  );
}
