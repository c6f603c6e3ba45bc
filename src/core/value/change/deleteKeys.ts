import { randomUUID } from 'node:crypto';
import { problem, type Problem } from '../../base/problem';
import { failure, success, type Result } from '../../base/result';
import type { Database, KeyQuestion } from '../../database/database';
import { RedisFailure } from '../../redis/redisFailure';
import { WireFailure } from '../../redis/wire/wireFailure';
import { refusedProblem } from '../unanswered';
import { DeletionJournal, type DeletionEntry } from './deletionJournal';
import { batchesOf, restAfterBatch } from './keyList';
import { lockedProblem } from './mayChange';
import type { DeletionPlan } from './planDeletion';

export interface DeletionOptions {
  /** Where the journal lies. */
  readonly journal: string;
  /** Stops before the next batch. */
  readonly signal: AbortSignal;
  readonly onProgress?: (outcome: DeletionOutcome) => void;
}

export interface DeletionOutcome {
  readonly removed: number;
  /** Were gone before we came. */
  readonly alreadyGone: number;
  /** Not known to be removed: it was cancelled, or a shard refused or did not answer. */
  readonly left: number;
  readonly cancelled: boolean;
}

/**
 * Deletes the keys of a plan, batch by batch: the server frees their memory in the background. A key that was written again
 * since the plan was made is deleted too; names that came since are not. What a shard refuses is told, and the others go on.
 */
export async function deleteKeys(
  database: Database,
  plan: DeletionPlan,
  { journal: directory, signal, onProgress }: DeletionOptions,
): Promise<Result<DeletionOutcome>> {
  const locked = lockedProblem(database, 'UNLINK');
  if (locked !== undefined) return failure(locked);
  const deletion = randomUUID();
  const common = {
    deletion,
    database: database.target.name,
    command: 'UNLINK',
    folder: plan.folder,
  } as const;
  let removed = 0;
  let asked = 0;
  const outcome = (): DeletionOutcome => ({
    removed,
    alreadyGone: asked - removed,
    left: plan.keys.length - asked,
    cancelled: signal.aborted,
  });
  const problems: Problem[] = [];
  try {
    const journal = await DeletionJournal.open(directory);
    try {
      const write = (entry: Omit<DeletionEntry, keyof typeof common>): Promise<void> =>
        journal.write({ ...common, ...entry });
      await write({ step: 'begin', keys: plan.keys.length });
      await Promise.all(
        plan.shards.map(async ({ shard, keys }) => {
          let took = 0;
          for (const batch of batchesOf(keys)) {
            if (took > 0) await restAfterBatch(took, signal);
            if (signal.aborted) break;
            await write({ step: 'before', shard, keys: batch.length });
            const began = performance.now();
            const unlinked = await unlink(database, batch);
            removed += unlinked.removed;
            asked += unlinked.asked;
            const unknown = unlinked.unanswered === 0 ? {} : { unanswered: unlinked.unanswered };
            await write({ step: 'after', shard, keys: batch.length, removed: unlinked.removed, ...unknown });
            onProgress?.(outcome());
            if (unlinked.problem !== undefined) {
              problems.push(unlinked.problem);
              break;
            }
            took = performance.now() - began;
          }
        }),
      );
      await write({ step: 'end', keys: plan.keys.length, removed });
    } finally {
      await journal.close();
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    return failure(problem('journal-not-written', { file: directory, reason: error.message }));
  }
  const done = outcome();
  // All was refused or has no answer: nothing is known to be removed.
  const [first] = problems;
  return first !== undefined && asked === 0 ? failure(...problems) : success(done, problems);
}

interface Unlinked {
  readonly removed: number;
  /** Keys about which the server has answered. */
  readonly asked: number;
  /** Keys whose question may have come, but no answer: whether they are removed is not known. */
  readonly unanswered: number;
  readonly problem?: Problem;
}

/**
 * In one round trip; in a cluster with a command for each key: one with several is refused while their slot is on its way to another
 * shard.
 */
async function unlink(database: Database, batch: readonly Uint8Array[]): Promise<Unlinked> {
  const groups = database.clustered ? batch.map((key) => [key]) : [batch];
  const answers = await database.askOwners(
    groups.flatMap((keys): readonly KeyQuestion[] => {
      const [key] = keys;
      return key === undefined ? [] : [{ key, words: ['UNLINK', ...keys] }];
    }),
  );
  let [removed, asked, unanswered] = [0, 0, 0];
  let found: Problem | undefined;
  for (const [at, keys] of groups.entries()) {
    const answer = answers[at];
    if (typeof answer === 'number') {
      removed += answer;
      asked += keys.length;
    } else if (answer instanceof RedisFailure && keys[0] !== undefined) {
      if (mayHaveCome(answer)) unanswered += keys.length;
      found ??= refusedProblem(keys[0], answer, 'UNLINK');
    }
  }
  return { removed, asked, unanswered, ...(found === undefined ? {} : { problem: found }) };
}

function mayHaveCome(failure: RedisFailure): boolean {
  return failure instanceof WireFailure && failure.trouble !== 'unreachable';
}
