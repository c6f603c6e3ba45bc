import { parseClusterNodes, parseClusterState, type ClusterState, type KnownNode } from './clusterReplies';
import { measurementOf, measurementQuestions, type ServerMeasurement } from './redisAdmin';
import type { RedisConnection } from './redisConnection';

/** What a server says of itself and, as the node of a cluster, of its cluster. */
export interface NodeMeasurement extends ServerMeasurement {
  readonly cluster?: { readonly state: ClusterState; readonly known: readonly KnownNode[] };
}

/** All of it in one round trip. */
export async function measureNode(connection: RedisConnection): Promise<NodeMeasurement> {
  const replies = await connection.commands([
    ...measurementQuestions,
    ['CLUSTER', 'INFO'],
    ['CLUSTER', 'NODES'],
  ]);
  const [state, known] = replies.slice(measurementQuestions.length);
  return {
    ...measurementOf(replies),
    cluster: { state: parseClusterState(state), known: parseClusterNodes(known) },
  };
}
