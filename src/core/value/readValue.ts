import { problem, type Problem } from '../base/problem';
import { failure, success, type Result } from '../base/result';
import type { Database } from '../database/database';
import { displayKey } from '../redis/displayKey';
import { RedisFailure, RedisRefusal } from '../redis/redisFailure';
import type { Words } from '../redis/wire/reply';
import { parseSlice } from '../tensor/sliceText';
import { selectionFor } from '../tensor/viewTensor';
import { askTogether } from './askTogether';
import type { KeyDetails } from './details/keyDetails';
import { readDetails } from './details/readDetails';
import { readDataset } from './readDataset';
import { readTensorText } from './readTensorText';
import { keyAccess, missingRight } from './refusal';
import { ownerOf, type Server } from './server';
import { collections, type CollectionKind } from './texts/collection';
import { detailLines } from './texts/detailLines';
import { stringText, type StringForm, type StringPart } from './texts/stringText';
import { mostBytes, mostElements, shownOf, type ValueText } from './texts/valueText';
import { visibleWord } from './texts/visibleText';
import { goneProblem, refusedProblem, unanswered } from './unanswered';

/** How a value is wanted. */
export interface ValueRequest {
  /** Of a string; as text otherwise. */
  readonly form?: StringForm;
  /**
   * Of a tensor, as numpy writes it: `[0, :, ::2]`, otherwise all of it or its first corner; of the bytes of a string, of which the
   * first are shown otherwise.
   */
  readonly slice?: string;
}

/**
 * The value of a key as text, or the first part of it: bounded in bytes for us and for the server, and never put together of
 * parts of two values. Problems: the key is gone, it changes all the time, a right is missing, the server has no room to copy it,
 * or it did not answer.
 */
export async function readValue(
  database: Database,
  key: Uint8Array,
  request: ValueRequest,
  signal: AbortSignal,
): Promise<Result<ValueText>> {
  try {
    const [details] = await readDetails(database, [key]);
    if (details === undefined) return failure(goneProblem(key));
    return await valueOf(database, details, request, signal);
  } catch (error) {
    if (!(error instanceof RedisFailure)) throw error;
    return failure(refusedProblem(key, error, 'show it'));
  }
}

async function valueOf(
  database: Database,
  details: KeyDetails,
  { form = { as: 'text' }, slice }: ValueRequest,
  signal: AbortSignal,
): Promise<Result<ValueText>> {
  const { key, kind } = details;
  const server = ownerOf(database, key);
  switch (kind) {
    case 'gone':
      return failure(goneProblem(key));
    case 'unknown':
      return failure(unknownProblem(details));
    case 'tensor':
      return readTensorText(server, details, slice, signal);
    case 'string':
      return readString(server, details, form, slice);
    case 'dataset':
      return readDataset(database, server, details);
    case 'mlModel':
    case 'script':
    case 'module':
      return success({
        text: detailLines(details).join('\n'),
        language: 'plaintext',
        partial: true,
        missing: details.missing,
      });
    case 'hash':
    case 'list':
    case 'aggregationList':
    case 'set':
    case 'zset':
    case 'stream':
      return readCollection(server, details, kind);
  }
}

async function readString(
  server: Server,
  details: KeyDetails,
  form: StringForm,
  slice: string | undefined,
): Promise<Result<ValueText>> {
  const { key, missing } = details;
  const wanted = slice === undefined ? success(undefined) : stringPart(details, slice);
  if (!wanted.ok) return wanted;
  const part = wanted.value;
  const start = part?.start ?? 0;
  // One byte more tells that there are more, where the length is not told.
  const count = Math.min(part?.count ?? Infinity, mostBytes + 1);
  const range: Words = ['GETRANGE', key, String(start), String(start + count - 1)];
  const { replies } = await askTogether(server, [range, ...allowedLength('STRLEN', details)]);
  const [bytes = null, length] = replies;
  if (!(bytes instanceof Uint8Array)) return failure(unanswered(key, 'GETRANGE', bytes));
  const shown = bytes.subarray(0, mostBytes);
  const told = typeof length === 'number' ? length : bytes.length;
  // An empty string and none are read alike.
  if (told === 0 && details.bytes !== 0) return failure(goneProblem(key));
  return success({ ...stringText(shown, told, form, part), missing });
}

/** Which bytes a slice takes of a string. */
function stringPart({ key, bytes }: KeyDetails, slice: string): Result<StringPart | undefined> {
  const parsed = parseSlice(slice);
  if (!parsed.ok) return parsed;
  if (bytes === undefined)
    return failure(problem('value-right-missing', { key: displayKey(key), right: 'STRLEN' }));
  const { first, last } = parsed.value;
  const isOnePiece = [...first, ...last].every(
    (subscript) => subscript.kind === 'index' || subscript.step === 1,
  );
  if (!isOnePiece || first.length + last.length > 1)
    return failure(problem('slice-invalid', { slice, reason: 'of a string it takes one range of bytes' }));
  const selection = selectionFor(parsed.value, key, { shape: [bytes] });
  return selection.ok ? success(selection.value[0]) : selection;
}

async function readCollection(
  server: Server,
  details: KeyDetails,
  kind: CollectionKind,
): Promise<Result<ValueText>> {
  const { key } = details;
  const { what, length, page, lines } = collections[kind];
  const { count, missing } = await affordable(server, details);
  const name = kind === 'aggregationList' ? 'list of datasets' : kind;
  if (count === 0) {
    const text = `# ${name}, ${details.length ?? 0} ${what}\n# they are too large to be shown\n`;
    return success({ text, language: 'plaintext', partial: true, missing });
  }
  const read = page(key, count);
  const { replies } = await askTogether(server, [read, ...allowedLength(length, details)]);
  const [first = null, told] = replies;
  if (first === null || first instanceof RedisRefusal) return failure(unanswered(key, read[0], first));
  if (told === 0 && kind !== 'stream') return failure(goneProblem(key));
  const all = lines(first);
  const shown = all.slice(0, count * (kind === 'stream' ? Infinity : 1));
  const number = kind === 'stream' ? shown.filter((line) => !line.startsWith(' ')).length : shown.length;
  const of = typeof told === 'number' ? told : undefined;
  const head =
    of === undefined
      ? `# ${name}, ${number} ${what}; how many there are was not told`
      : `# ${name}, ${shownOf(number, of, what)}`;
  return success({
    text: [head, ...shown, ''].join('\n'),
    language: 'plaintext',
    partial: of === undefined || number < of,
    missing,
  });
}

/** Bytes of elements that are read together. */
const mostTogether = 8 * 1024 ** 2;

/** How many elements can be read: fewer of large ones, by a sample of the server's; none where one alone is too large. */
async function affordable(
  server: Server,
  { key, length = 1, missing }: KeyDetails,
): Promise<{ readonly count: number; readonly missing: readonly string[] }> {
  const [memory] = await server.askAll([['MEMORY', 'USAGE', key, 'SAMPLES', '5']]);
  if (typeof memory === 'number') {
    const each = Math.max(1, memory / length);
    return { count: Math.min(mostElements, Math.floor(mostTogether / each)), missing };
  }
  // Without it a few are read, which are seldom large.
  const right = memory instanceof RedisRefusal ? [missingRight(memory, 'MEMORY USAGE')] : [];
  return { count: 20, missing: [...new Set([...missing, ...right])] };
}

/** The question for a length, unless the user has no right to it: one that is denied would spoil the transaction. */
function allowedLength(command: string, { key, missing }: KeyDetails): readonly Words[] {
  return missing.includes(command) ? [] : [[command, key]];
}

function unknownProblem({ key, missing, refusal }: KeyDetails): Problem {
  const name = displayKey(key);
  if (refusal !== undefined) return problem('value-refused', { key: name, reply: visibleWord(refusal) });
  return problem('value-right-missing', { key: name, right: missing.join(', ') || keyAccess });
}
