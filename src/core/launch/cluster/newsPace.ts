import { nodeTimeouts } from '../../plan/nodeTimeouts';
import { setNodeTimeout } from '../../redis/clusterAdmin';
import { answerOf, type ShardAccess } from './shardAccess';

/**
 * How fast news travel between the shards of a cluster: by the node timeout of each, which is short while there are
 * news and that of its life otherwise.
 */
export class NewsPace {
  /** Shards that may have the short one. */
  private readonly hurried = new Set<string>();

  /** Gives the short one to shards that still have the other. */
  async hurry(access: ShardAccess, shards: readonly string[]): Promise<void> {
    const calm = shards.filter((shard) => !this.hurried.has(shard));
    // Before they answer: one whose answer is lost may have taken it.
    for (const shard of calm) this.hurried.add(shard);
    await setAll(access, calm, nodeTimeouts.forming);
  }

  /** Gives shards that of their life, also where a supervisor before us has left them the short one. True: all have it. */
  async calm(access: ShardAccess, shards: readonly string[]): Promise<boolean> {
    const taken = await setAll(access, shards, nodeTimeouts.life);
    for (const shard of taken) this.hurried.delete(shard);
    return taken.length === shards.length;
  }

  /** Takes back what it gave, in as far as shards answer. */
  async restore(access: ShardAccess): Promise<void> {
    await this.calm(access, [...this.hurried]);
  }
}

/** The shards that have taken it. */
async function setAll(
  access: ShardAccess,
  shards: readonly string[],
  milliseconds: number,
): Promise<readonly string[]> {
  const answers = shards.map(async (shard) => {
    const taken = await answerOf(access, shard, async (connection) => {
      await setNodeTimeout(connection, milliseconds);
      return [shard];
    });
    return taken ?? [];
  });
  return (await Promise.all(answers)).flat();
}
