import type { ModelSnapshot, RunSnapshot, ShardSnapshot } from '../deployment/runSnapshot';
import { AdoptedProcesses } from '../launch/adoptedProcesses';
import type { LaunchContext } from '../launch/launchContext';
import type { EntityReference } from '../launch/launchEvents';
import { ShardConnection } from '../launch/shardConnection';

/** Makes the processes that a record names known to a launch that has not started them; its caller disposes of them. */
export function adoptEntities(
  context: LaunchContext,
  { orchestrators, models }: RunSnapshot,
): AdoptedProcesses {
  const adopted = new AdoptedProcesses(context);
  for (const shard of orchestrators.flatMap(({ shards }) => shards)) {
    adoptOne(adopted, { kind: 'shard', name: shard.name }, shard);
    if (shard.status !== 'Running') continue;
    const connection = new ShardConnection(shard, context.credentials, () => {
      adopted.expectEnd();
    });
    context.connections.set(shard.name, connection);
  }
  for (const model of models) adoptOne(adopted, { kind: 'model', name: model.name }, model);
  return adopted;
}

function adoptOne(
  adopted: AdoptedProcesses,
  entity: EntityReference,
  { status, identity, returnCode, signal, cause }: ShardSnapshot | ModelSnapshot,
): void {
  if (identity === undefined) return;
  if (status === 'Running') {
    adopted.adopt(entity, identity);
    return;
  }
  adopted.remember(entity, identity, {
    returnCode: returnCode ?? null,
    signal: (signal ?? null) as NodeJS.Signals | null,
    requested: status === 'Cancelled',
    ...(cause === undefined ? {} : { cause }),
  });
}
