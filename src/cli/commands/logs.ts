import path from 'node:path';
import { problem } from '../../core/base/problem';
import { failure, success, type Result } from '../../core/base/result';
import type { Run } from '../../core/run/run';
import { UsageError, type Command, type CommandContext } from '../command';
import { exitCode, type ExitCode } from '../exitCodes';
import { tellFailure } from '../render/failure';
import { LogReader } from './logReader';
import { openedRuns } from './openedRuns';

/**
 * Shows what a shard or model wrote: at most the last MiB, with a word on stderr when that is not
 * all. `--follow` goes on until the entity has ended.
 */
export const logs: Command = {
  name: 'logs',
  usage: 'ENTITY [FILE] [--follow] [--err]',
  summary: 'show the output of a shard or model; --err its standard error',
  options: { follow: { type: 'boolean', short: 'f' }, err: { type: 'boolean' } },
  async run(context): Promise<ExitCode> {
    const { positionals, directory, values, json } = context;
    const [name, file, ...others] = positionals;
    if (name === undefined || others.length > 0) throw new UsageError('name one shard or model');
    const follow = values['follow'] === true;
    if (follow && json) throw new UsageError('--follow and --json exclude each other');
    const opened = await openedRuns(context, file === undefined ? undefined : path.resolve(directory, file));
    if (!opened.ok) return tellFailure(opened.problems, context);
    const runs = opened.value;
    try {
      const chosen = chooseRun(runs, name);
      if (!chosen.ok) return tellFailure(chosen.problems, context);
      return await show(chosen.value, name, follow, context);
    } finally {
      for (const run of runs) run.dispose();
    }
  },
};

/** The live run that has the entity, else the latest one. */
function chooseRun(runs: readonly Run[], name: string): Result<Run> {
  const having = runs.filter((run) => entityOf(run, name) !== undefined);
  const live = having.filter((run) => run.live);
  if (live.length > 1) {
    const files = live.map((run) => run.record.file).join(', ');
    return failure(problem('entity-ambiguous', { entity: name, files }));
  }
  const chosen = live[0] ?? having.at(-1);
  if (chosen !== undefined) return success(chosen);
  const names = new Set(runs.flatMap((run) => entitiesOf(run).map((entity) => entity.name)));
  return failure(
    names.size === 0
      ? problem('entity-without-run', { entity: name })
      : problem('entity-unknown', { entity: name, names: [...names].join(', ') }),
  );
}

async function show(run: Run, name: string, follow: boolean, context: CommandContext): Promise<ExitCode> {
  const { values, json, out, err, signal } = context;
  const entity = entityOf(run, name);
  if (entity === undefined) throw new Error(`The chosen run has no ${name}`);
  const stream = values['err'] === true ? 'err' : 'out';
  const reader = new LogReader(entity[stream]);
  const { text, skipped } = await reader.lastPart();
  if (json) {
    const shape = {
      run: run.record.id,
      entity: name,
      stream,
      path: entity[stream],
      skippedBytes: skipped,
      text,
    };
    out.write(`${JSON.stringify(shape)}\n`);
    return exitCode.done;
  }
  if (skipped > 0) err.write(`(${skipped} bytes before this are in ${entity[stream]})\n`);
  out.write(text);
  if (!follow) return exitCode.done;
  const isOver = (): boolean => {
    const status = entityOf(run, name)?.status;
    return !run.live || (status !== 'Running' && status !== 'New');
  };
  await reader.follow({
    onText: (more) => {
      out.write(more);
    },
    onDidChange: run.onDidChange,
    isOver,
    signal,
  });
  return signal.aborted ? exitCode.interrupted : exitCode.done;
}

function entitiesOf({
  snapshot,
}: Run): readonly { name: string; status: string; out: string; err: string }[] {
  return [...snapshot.orchestrators.flatMap(({ shards }) => shards), ...snapshot.models];
}

function entityOf(run: Run, name: string): ReturnType<typeof entitiesOf>[number] | undefined {
  return entitiesOf(run).find((entity) => entity.name === name);
}
