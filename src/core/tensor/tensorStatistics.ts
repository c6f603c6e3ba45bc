import { RedisRefusal } from '../redis/redisFailure';
import { TensorChanged } from './readFaults';
import { versionOf, type TensorHead } from './readTensor';
import { fieldOf, replyText } from './tensorReply';
import type { TensorServer } from './tensorServer';

/** Of a whole tensor. Bounds, mean and deviation are of its finite elements, and null where it has none. */
export interface TensorStatistics {
  readonly count: number;
  readonly nans: number;
  readonly positiveInfinities: number;
  readonly negativeInfinities: number;
  /** As text with INT64, as all its values. */
  readonly min: number | string | null;
  readonly max: number | string | null;
  readonly mean: number | null;
  /** Of the population. */
  readonly standardDeviation: number | null;
}

/**
 * Statistics of the tensor that `head` tells of; undefined where there are none: of STRING, with RedisAI, and for users without the right to them.
 * Throws TensorChanged where another has taken its place, and a RedisFailure.
 */
export async function readStatistics(
  connection: TensorServer,
  key: Uint8Array,
  { type, version }: TensorHead,
): Promise<TensorStatistics | undefined> {
  if (version === undefined || type === 'STRING') return undefined;
  const reply = await connection.commandForBytes('TENSOR.STATISTICS', key).catch((error: unknown) => {
    if (!(error instanceof RedisRefusal)) throw error;
    if (error.message.startsWith('NOPERM')) return undefined;
    throw /^(WRONGTYPE|ERR tensor key is empty|ERR a STRING)/.test(error.message)
      ? new TensorChanged()
      : error;
  });
  if (reply === undefined) return undefined;
  if (versionOf(fieldOf(reply, 'version')) !== version) throw new TensorChanged();
  const number = (name: string): number | null => {
    const value = fieldOf(reply, name);
    return value === null ? null : Number(replyText(value));
  };
  const bound = (name: string): number | string | null => {
    const value = fieldOf(reply, name);
    return type === 'INT64' && value !== null ? replyText(value) : number(name);
  };
  return {
    count: number('count') ?? 0,
    nans: number('nans') ?? 0,
    positiveInfinities: number('positive_infinities') ?? 0,
    negativeInfinities: number('negative_infinities') ?? 0,
    min: bound('min'),
    max: bound('max'),
    mean: number('mean'),
    standardDeviation: number('standard_deviation'),
  };
}
