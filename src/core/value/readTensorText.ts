import { utf8 } from '../base/bytes';
import { problem } from '../base/problem';
import { failure, success, type Result } from '../base/result';
import { displayKey } from '../redis/displayKey';
import { RedisRefusal } from '../redis/redisFailure';
import type { ElementValue } from '../tensor/elementValues';
import { formatSelection, selectedCount, selectedShape } from '../tensor/selection';
import { parseSlice, wholeTensor } from '../tensor/sliceText';
import type { TensorServer } from '../tensor/tensorServer';
import { elementCount } from '../tensor/tensorType';
import { viewTensor, type TensorView, type ViewLimits } from '../tensor/viewTensor';
import type { KeyDetails } from './details/keyDetails';
import { readHeadroom } from './headroom';
import type { Server } from './server';
import { nestedText } from './texts/nestedText';
import type { ValueText } from './texts/valueText';
import { shortLine } from './texts/collection';
import { missingRight, reasonOf } from './refusal';

/** Elements that are shown. */
const limits: ViewLimits = { whole: 4096, corner: 1024 };

/** A server that gives whole tensors alone copies so much without being asked for its memory. In bytes. */
const littleBytes = 1024 ** 2;

/** More is not read through the connection that everything else uses. In bytes. */
const mostAtOnce = 48 * 1024 ** 2;

/**
 * A slice of a tensor as text, or its first corner: part by part with our engine; with RedisAI the server copies the whole, which
 * it is asked to do only where it has room. Throws a RedisFailure.
 */
export async function readTensorText(
  server: Server,
  details: KeyDetails,
  slice: string | undefined,
  signal: AbortSignal,
): Promise<Result<ValueText>> {
  const parsed = slice === undefined ? success(wholeTensor) : parseSlice(slice);
  if (!parsed.ok) return parsed;
  const { key } = details;
  const missing = new Set(details.missing);
  const inParts = await servesParts(server, key, missing);
  if (!inParts) {
    const refused = await roomFor(server, details);
    if (refused !== undefined) return refused;
  }
  const tensors = asTensorServer(server, inParts, missing);
  const view = await viewTensor(tensors, key, parsed.value, limits, signal);
  if (!view.ok) return view;
  return success({ ...tensorText(view.value), missing: [...missing] });
}

/** Whether the server reads parts of tensors, and lets us do so; a right that is missing for that is added to `missing`. */
async function servesParts(server: Server, key: Uint8Array, missing: Set<string>): Promise<boolean> {
  const [version = null, part = null] = await server.askAll([
    ['TENSOR.VERSION', key],
    ['TENSOR.SLICE', key],
  ]);
  const denied = [
    noteMissing(version, 'TENSOR.VERSION', missing),
    noteMissing(part, 'TENSOR.SLICE', missing),
  ];
  return !(version instanceof RedisRefusal) && !denied.includes(true);
}

/** Whether a right to the command was missing. */
function noteMissing(reply: unknown, command: string, missing: Set<string>): boolean {
  if (!(reply instanceof RedisRefusal) || reasonOf(reply) !== 'right') return false;
  missing.add(missingRight(reply, command));
  return true;
}

/** Why a whole tensor is not read; undefined where nothing speaks against it. */
async function roomFor(
  server: Server,
  { key, bytes = Infinity }: KeyDetails,
): Promise<Result<ValueText> | undefined> {
  if (bytes <= littleBytes) return undefined;
  const name = displayKey(key);
  if (bytes > mostAtOnce)
    return failure(problem('tensor-whole-only', { key: name, bytes, limit: mostAtOnce }));
  const room = await readHeadroom(server, key);
  if (room === undefined) return failure(problem('value-size-unproved', { key: name, bytes }));
  if (room === 'unlimited' || room.free >= bytes) return undefined;
  return failure(problem('value-without-headroom', { key: name, bytes, ...room }));
}

function asTensorServer(server: Server, inParts: boolean, missing: Set<string>): TensorServer {
  return {
    async commandForBytes(name, ...args) {
      if (!inParts && name.startsWith('TENSOR.')) throw new RedisRefusal('ERR unknown command');
      try {
        return await server.ask(name, ...args);
      } catch (error) {
        noteMissing(error, name, missing);
        throw error;
      }
    },
  };
}

function tensorText({
  type,
  shape,
  shown,
  partial,
  values,
  statistics,
}: TensorView): Omit<ValueText, 'missing'> {
  const name = `${type} ${shape.length === 0 ? 'scalar' : shape.join(' × ')}`;
  const taken = selectedCount(shown);
  const all = elementCount(shape);
  const head = [
    `# tensor ${name}`,
    `# ${formatSelection(shown)}, ${taken === all ? `${all} elements` : `${taken} of ${all} elements`}`,
    ...(statistics === undefined ? [] : [`# ${statisticsText(statistics)}`]),
  ];
  return {
    text: `${head.join('\n')}\n${nestedText(type === 'STRING' ? values.map(quoted) : values, selectedShape(shown))}\n`,
    language: 'plaintext',
    partial: partial || taken < all,
  };
}

/** Texts come from outside; numbers do not. */
function quoted(text: ElementValue): string {
  return `"${shortLine(utf8(String(text))).replaceAll('"', String.raw`\"`)}"`;
}

function statisticsText(statistics: NonNullable<TensorView['statistics']>): string {
  const { min, max, mean, standardDeviation, nans, positiveInfinities, negativeInfinities } = statistics;
  const odd = [
    [nans, 'NaN'],
    [positiveInfinities, 'Infinity'],
    [negativeInfinities, '-Infinity'],
  ] as const;
  return [
    `of all: min ${min ?? '-'}, max ${max ?? '-'}, mean ${mean ?? '-'}`,
    `standard deviation ${standardDeviation ?? '-'}`,
    ...odd.flatMap(([count, what]) => (count === 0 ? [] : [`${count} × ${what}`])),
  ].join(', ');
}
