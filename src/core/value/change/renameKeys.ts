import { joinBytes } from '../../base/bytes';
import { problem, type Problem } from '../../base/problem';
import { failure, success, type Result } from '../../base/result';
import type { Database } from '../../database/database';
import { displayKey } from '../../redis/displayKey';
import { slotOfKey } from '../../redis/keySlot';
import { RedisFailure, RedisRefusal } from '../../redis/redisFailure';
import { tensorNamesIn } from '../texts/datasetText';
import { goneProblem, refusedProblem } from '../unanswered';
import { lockedProblem } from './mayChange';

/** Gives a key another name, which nothing has yet: as one act, within one shard. */
export async function renameKey(
  database: Database,
  key: Uint8Array,
  target: Uint8Array,
): Promise<Result<void>> {
  const refused = lockedProblem(database, 'RENAMENX') ?? otherSlot(database, key, target);
  if (refused !== undefined) return failure(refused);
  try {
    const reply = await database.askOwner(key, 'RENAMENX', key, target);
    return reply === 1 ? success(undefined) : failure(taken(key, target));
  } catch (error) {
    if (!(error instanceof RedisFailure)) throw error;
    return failure(refusedProblem(key, error, 'RENAMENX'));
  }
}

/** Keys that follow a dataset in one act; a server is held by more. */
const mostParts = 10_000;

/**
 * Gives a dataset another name: its metadata and all tensors, those in `parts` and those that its metadata names. All of them
 * move as one act or none does; nobody sees half of it. Lists that name the dataset go on naming the old one.
 * @param prefix `…{name}.`, as `target`; `parts` begin with it
 * @returns how many keys were renamed
 */
export async function renameDataset(
  database: Database,
  prefix: Uint8Array,
  target: Uint8Array,
  parts: readonly Uint8Array[],
): Promise<Result<number>> {
  const metadata = joinBytes([prefix, metaBytes]);
  const refused = lockedProblem(database, 'EVAL') ?? otherSlot(database, prefix, target);
  if (refused !== undefined) return failure(refused);
  try {
    const sources = await allParts(database, prefix, metadata, parts);
    if (sources.length > mostParts)
      return failure(
        problem('rename-too-many', { key: displayKey(prefix), keys: sources.length, limit: mostParts }),
      );
    const targets = sources.map((key) => joinBytes([target, key.subarray(prefix.length)]));
    const words = [String(sources.length * 2), ...sources, ...targets] as const;
    const reply = await database.askOwner(metadata, 'EVAL', renameAll, ...words);
    if (typeof reply !== 'number') return failure(goneProblem(metadata));
    if (reply < 0) return failure(taken(prefix, targets[-reply - 1] ?? target));
    return reply === 0 ? failure(goneProblem(metadata)) : success(reply);
  } catch (error) {
    if (!(error instanceof RedisFailure)) throw error;
    return failure(refusedProblem(prefix, error, 'EVAL'));
  }
}

const metaBytes = new TextEncoder().encode('meta');

/**
 * Runs in the server, which does nothing else meanwhile: -n where the n-th new name is taken, else how many keys were there
 * and have moved. Nothing of it comes from outside but the keys.
 */
const renameAll = `
local count = #KEYS / 2
for i = 1, count do
  if redis.call('EXISTS', KEYS[count + i]) == 1 then return -i end
end
local moved = 0
for i = 1, count do
  if redis.call('EXISTS', KEYS[i]) == 1 then
    redis.call('RENAMENX', KEYS[i], KEYS[count + i])
    moved = moved + 1
  end
end
return moved`;

/** Each once, the metadata first. */
async function allParts(
  database: Database,
  prefix: Uint8Array,
  metadata: Uint8Array,
  parts: readonly Uint8Array[],
): Promise<readonly Uint8Array[]> {
  const named = await tensorNames(database, metadata);
  const all = [metadata, ...parts, ...named.map((name) => joinBytes([prefix, name]))];
  return [...new Map(all.map((key) => [Buffer.from(key).toString('latin1'), key])).values()];
}

async function tensorNames(database: Database, metadata: Uint8Array): Promise<readonly Uint8Array[]> {
  try {
    const value = await database.askOwner(metadata, 'HGET', metadata, '.tensor_names');
    const names = value instanceof Uint8Array ? tensorNamesIn(value) : [];
    return typeof names === 'string' ? [] : names;
  } catch (error) {
    // A key of another kind, or a field that may not be read: what was seen of the dataset moves.
    if (error instanceof RedisRefusal) return [];
    throw error;
  }
}

/** In a cluster a key moves within its slot alone. */
function otherSlot({ clustered }: Database, key: Uint8Array, target: Uint8Array): Problem | undefined {
  if (!clustered || slotOfKey(key) === slotOfKey(target)) return undefined;
  return problem('rename-other-slot', { key: displayKey(key), target: displayKey(target) });
}

function taken(key: Uint8Array, target: Uint8Array): Problem {
  return problem('rename-onto-key', { key: displayKey(key), target: displayKey(target) });
}
