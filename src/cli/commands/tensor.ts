import path from 'node:path';
import { problem } from '../../core/base/problem';
import { failure, success, type Result } from '../../core/base/result';
import { fileProblem, systemErrorCode } from '../../core/launch/fileProblem';
import { withNpyFile } from '../../core/tensor/npyFile';
import { parseTypedKey } from '../../core/redis/displayKey';
import { formatSelection } from '../../core/tensor/selection';
import { isFileFormat, saveTensor, type FileFormat } from '../../core/tensor/saveTensor';
import { askShardOf, type DataShard } from '../../core/tensor/shardOfKey';
import { parseSlice, wholeTensor, type TensorSlice } from '../../core/tensor/sliceText';
import { viewTensor, type ViewLimits } from '../../core/tensor/viewTensor';
import { writeTensor } from '../../core/tensor/writeTensor';
import { UsageError, type Command, type CommandContext } from '../command';
import { exitCode, type ExitCode } from '../exitCodes';
import { tellFailure } from '../render/failure';
import {
  describeTensor,
  renderSaved,
  renderSent,
  renderView,
  viewToJson,
  type TensorPlace,
} from '../render/tensor';
import { dataOptions, liveOrchestrator, type LiveOrchestrator } from './dataPlace';

const shownToPeople: ViewLimits = { whole: 200, corner: 64 };
const shownInJson: ViewLimits = { whole: 100_000, corner: 100_000 };

/** Shows tensors of a live orchestrator, and moves them from and to files. */
export const tensor: Command = {
  name: 'tensor',
  usage: 'KEY [--slice S] [--out FILE] | set KEY FILE',
  summary: 'show a tensor or a slice of it, write it into a file, or set it from one',
  details: `  --slice S           a part of it, as numpy writes it: "[0, :, ::2]", "[-1, ...]", "[::-1]"
  --out FILE          write it into FILE, a .npy or .csv file of any size, instead of showing it
  set KEY FILE        set the tensor from a .npy file
  --key-base64        KEY is base64 of the bytes of the key; otherwise \\xff in it is a byte, \\\\ a backslash
  --file FILE         the experiment file of the run, where several are live
  --orchestrator ID   the orchestrator, where the run has several
`,
  options: {
    ...dataOptions,
    slice: { type: 'string' },
    out: { type: 'string' },
    'key-base64': { type: 'boolean' },
  },
  async run(context): Promise<ExitCode> {
    const act = actionOf(context);
    if (!act.ok) return tellFailure(act.problems, context);
    const live = await liveOrchestrator(context);
    if (!live.ok) return tellFailure(live.problems, context);
    const outcome = await act.value(live.value);
    if (!outcome.ok) return tellFailure(outcome.problems, context);
    context.out.write(context.json ? `${JSON.stringify(outcome.value.json)}\n` : outcome.value.text);
    return exitCode.done;
  },
};

/** What is told of what was done, to programs and to people. */
interface Told {
  readonly json: object;
  readonly text: string;
}

type Action = (live: LiveOrchestrator) => Promise<Result<Told>>;

/** What the words ask for; a problem where the slice is none. */
function actionOf(context: CommandContext): Result<Action> {
  const { positionals, values, directory } = context;
  const { slice: sliceText, out } = values;
  const isSet = positionals.length === 3 && positionals[0] === 'set';
  if (!isSet && positionals.length !== 1) throw new UsageError('say KEY, or set KEY FILE');
  const key = keyOf(positionals[isSet ? 1 : 0] ?? '', values['key-base64'] === true);
  if (isSet) {
    if (sliceText !== undefined || out !== undefined)
      throw new UsageError('set writes a whole tensor: it takes neither --slice nor --out');
    const file = path.resolve(directory, positionals[2] ?? '');
    return success((live) => send(live, key, file, context));
  }
  const slice = typeof sliceText === 'string' ? parseSlice(sliceText) : success(wholeTensor);
  if (!slice.ok) return slice;
  if (typeof out !== 'string') return success((live) => show(live, key, slice.value, context));
  const format = path.extname(out).slice(1).toLowerCase();
  if (!isFileFormat(format)) throw new UsageError('--out takes a file that ends in .npy or .csv');
  const file = path.resolve(directory, out);
  return success((live) => save(live, key, slice.value, { file, format }, context));
}

function keyOf(word: string, isBase64: boolean): Uint8Array {
  if (!isBase64) return parseTypedKey(word);
  const bytes = Buffer.from(word, 'base64');
  if (bytes.toString('base64').replace(/=+$/, '') !== word.replace(/=+$/, ''))
    throw new UsageError('KEY is no base64, which --key-base64 says that it is');
  return new Uint8Array(bytes);
}

async function show(
  live: LiveOrchestrator,
  key: Uint8Array,
  slice: TensorSlice,
  { json, signal }: CommandContext,
): Promise<Result<Told>> {
  const asked = await askShardOf(
    key,
    live.orchestrator,
    (connection) => viewTensor(connection, key, slice, json ? shownInJson : shownToPeople, signal),
    signal,
  );
  if (!asked.ok) return asked;
  const { value: view, shard } = asked.value;
  if (!view.ok) return view;
  const described = describeTensor(placeOf(live, shard), key, view.value);
  return success({ json: viewToJson(described, view.value), text: renderView(described, view.value) });
}

async function save(
  live: LiveOrchestrator,
  key: Uint8Array,
  slice: TensorSlice,
  { file, format }: { readonly file: string; readonly format: FileFormat },
  { signal }: CommandContext,
): Promise<Result<Told>> {
  return withFileProblems(file, 'out-folder-missing', async () => {
    const asked = await askShardOf(
      key,
      live.orchestrator,
      (connection) => saveTensor(connection, key, slice, file, format, signal),
      signal,
    );
    if (!asked.ok) return asked;
    const { value: saved, shard } = asked.value;
    if (!saved.ok) return saved;
    const described = describeTensor(placeOf(live, shard), key, saved.value);
    const json = { ...described, slice: formatSelection(saved.value.saved), path: file };
    return success({ json, text: renderSaved(described, saved.value.saved, file) });
  });
}

async function send(
  live: LiveOrchestrator,
  key: Uint8Array,
  file: string,
  { signal }: CommandContext,
): Promise<Result<Told>> {
  return withFileProblems(file, 'file-missing', () =>
    withNpyFile(file, async (array) => {
      const asked = await askShardOf(
        key,
        live.orchestrator,
        (connection, shard) => writeTensor(connection, shard, key, array, signal),
        signal,
      );
      if (!asked.ok) return asked;
      const { value: refused, shard } = asked.value;
      if (refused !== undefined) return failure(refused);
      const described = describeTensor(placeOf(live, shard), key, array);
      return success({ json: { ...described, path: file }, text: renderSent(described, file) });
    }),
  );
}

/** What the system says of a file becomes a problem; what it says of anything else is a bug. */
async function withFileProblems<T>(
  file: string,
  missing: 'file-missing' | 'out-folder-missing',
  act: () => Promise<Result<T>>,
): Promise<Result<T>> {
  try {
    return await act();
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    return failure(code === 'ENOENT' ? problem(missing, { file }) : fileProblem(error, file));
  }
}

function placeOf({ run, orchestrator }: LiveOrchestrator, shard: DataShard): TensorPlace {
  return { run, orchestrator: orchestrator.id, shard: shard.name };
}
