import path from 'node:path';
import { problem, type Problem } from '../../core/base/problem';
import { failure, success, type Result } from '../../core/base/result';
import { fileProblem, systemErrorCode } from '../../core/launch/fileProblem';
import { elementValues } from '../../core/tensor/elementValues';
import { withNpyFile, writeNpyFile } from '../../core/tensor/npyFile';
import {
  readFirst,
  readHead,
  readTensor,
  TensorChanged,
  type TensorHead,
} from '../../core/tensor/readTensor';
import { askShardOf } from '../../core/tensor/shardOfKey';
import { elementBytes, elementCount } from '../../core/tensor/tensorType';
import { writeTensor } from '../../core/tensor/writeTensor';
import { UsageError, type Command, type CommandContext } from '../command';
import { exitCode, type ExitCode } from '../exitCodes';
import { tellFailure } from '../render/failure';
import { renderTensor, type TensorJson } from '../render/tensor';
import { dataOptions, liveOrchestrator, type LiveOrchestrator } from './dataPlace';

/** Elements that are shown; the whole of a large tensor belongs into a file. */
const mostShown = 1000;

/** Reads and writes tensors of a live orchestrator, bit by bit as they are. */
export const tensor: Command = {
  name: 'tensor',
  usage: 'get KEY [OUT.npy] | set KEY IN.npy | info KEY [--file FILE] [--orchestrator ID]',
  summary: 'read a tensor (into a .npy file, or its first values), write one, or tell what it is',
  options: dataOptions,
  async run(context): Promise<ExitCode> {
    const { positionals, json, out } = context;
    const act = actionOf(positionals);
    const live = await liveOrchestrator(context);
    if (!live.ok) return tellFailure(live.problems, context);
    const outcome = await act(live.value, context);
    if (!outcome.ok) return tellFailure(outcome.problems, context);
    out.write(json ? `${JSON.stringify({ tensor: outcome.value })}\n` : renderTensor(outcome.value));
    return exitCode.done;
  },
};

type Action = (live: LiveOrchestrator, context: CommandContext) => Promise<Result<TensorJson>>;

function actionOf([action, key, file, ...others]: readonly string[]): Action {
  if (key === undefined || key === '' || others.length > 0)
    throw new UsageError('say get, set or info, and one key');
  if (action === 'info' && file === undefined) return (live) => tellHead(live, key);
  if (action === 'get' && file === undefined) return (live) => tellValues(live, key);
  if (action === 'get' && file !== undefined)
    return (live, { directory }) => writeFile(live, key, path.resolve(directory, file));
  if (action === 'set' && file !== undefined)
    return (live, context) => sendFile(live, key, path.resolve(context.directory, file), context);
  throw new UsageError('say get KEY [OUT.npy], set KEY IN.npy, or info KEY');
}

async function tellHead(live: LiveOrchestrator, key: string): Promise<Result<TensorJson>> {
  const asked = await askShardOf(key, live.orchestrator, (connection) => readHead(connection, key));
  return asked.ok ? success(describe(live, key, asked.value.shard.name, asked.value.value)) : asked;
}

async function tellValues(live: LiveOrchestrator, key: string): Promise<Result<TensorJson>> {
  const asked = await askShardOf(key, live.orchestrator, async (connection) => {
    const head = await readHead(connection, key);
    return { head, data: await readFirst(connection, key, head, mostShown) };
  });
  if (!asked.ok) return asked;
  const { value, shard } = asked.value;
  const values = elementValues(value.head, value.data, mostShown);
  return success({ ...describe(live, key, shard.name, value.head), values });
}

async function writeFile(live: LiveOrchestrator, key: string, file: string): Promise<Result<TensorJson>> {
  return withFileProblems(file, async () => {
    const asked = await askShardOf(key, live.orchestrator, async (connection) => {
      const read = await readTensor(connection, key);
      await writeNpyFile(file, read);
      return read;
    });
    if (!asked.ok) return asked;
    return success({ ...describe(live, key, asked.value.shard.name, asked.value.value), path: file });
  }).catch((error: unknown) => {
    if (!(error instanceof TensorChanged)) throw error;
    return failure(problem('tensor-changed', { key }));
  });
}

async function sendFile(
  live: LiveOrchestrator,
  key: string,
  file: string,
  { signal }: CommandContext,
): Promise<Result<TensorJson>> {
  return withFileProblems(file, () =>
    withNpyFile(file, async (array) => {
      const asked = await askShardOf(key, live.orchestrator, (connection, shard) =>
        writeTensor(connection, shard, key, array, signal),
      );
      if (!asked.ok) return asked;
      const { value: refused, shard } = asked.value;
      if (refused !== undefined) return failure(refused);
      return success({ ...describe(live, key, shard.name, array), path: file });
    }),
  );
}

/** What the system says of a file becomes a problem; what it says of anything else is a bug. */
async function withFileProblems<T>(file: string, act: () => Promise<Result<T>>): Promise<Result<T>> {
  try {
    return await act();
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    return failure(code === 'ENOENT' ? missing(file) : fileProblem(error, file));
  }
}

function missing(file: string): Problem {
  return problem('file-missing', { file });
}

function describe(
  { run, orchestrator }: LiveOrchestrator,
  key: string,
  shard: string,
  { type, shape }: TensorHead,
): TensorJson {
  const each = elementBytes[type];
  return {
    run,
    orchestrator: orchestrator.id,
    shard,
    key,
    type,
    shape,
    ...(each === undefined ? {} : { bytes: each * elementCount(shape) }),
  };
}
