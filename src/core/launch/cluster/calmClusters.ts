import type { LaunchContext } from '../launchContext';
import { NewsPace } from './newsPace';
import { accessIn } from './shardAccess';

/** Gives back to all shards the node timeout of their life: a supervisor that was killed while it mended a cluster could not. */
export async function calmClusters(context: LaunchContext): Promise<void> {
  const clusters = context.plan.orchestrators.filter(({ clustered }) => clustered);
  const shards = clusters.flatMap((cluster) => cluster.shards.map(({ name }) => name));
  await new NewsPace().calm(accessIn(context), shards);
}
