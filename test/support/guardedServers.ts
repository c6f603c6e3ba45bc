import { engineFile } from '../../scripts/engine.mjs';
import { DatabaseCluster } from './databaseServer';
import { EngineServer } from './engineServer';
import { writeKeysOfAllKinds } from './keysOfAllKinds';
import { MovingSlot } from './movingSlot';
import type { Argument, Reply } from './respClient';
import { slotOf } from './slotOf';

/** The servers of a database that holds keys of all kinds. */
export interface GuardedServers {
  readonly ports: readonly number[];
  readonly clustered: boolean;
  /** By the server that has the key. */
  send(...words: Argument[]): Promise<Reply>;
  /** By every server; answers in the order of the ports. */
  sendAll(...words: Argument[]): Promise<readonly Reply[]>;
  stop(): Promise<void>;
}

export async function guardedServer(): Promise<GuardedServers> {
  const server = await EngineServer.start();
  const client = await server.client();
  await writeKeysOfAllKinds(client);
  return {
    ports: [server.port],
    clustered: false,
    send: (...words) => client.send(...words),
    sendAll: async (...words) => [await client.send(...words)],
    stop: () => server.stop(),
  };
}

/** Three shards; the slot of the dataset is left half way, with its metadata and one of two tensors at the new shard. */
export async function guardedCluster(): Promise<GuardedServers> {
  const cluster = await DatabaseCluster.start(['--loadmodule', engineFile, '--enable-debug-command', 'yes']);
  await writeKeysOfAllKinds(cluster);
  const slot = slotOf('surface');
  const owner = Math.floor(slot / 5461);
  const moving = new MovingSlot(slot, cluster.servers[owner]!, cluster.servers[(owner + 1) % 3]!);
  await moving.begin();
  await moving.move(['ocean.{surface}.meta', 'ocean.{surface}.temperature']);
  return {
    ports: cluster.servers.map(({ port }) => port),
    clustered: true,
    send: (...words) => cluster.send(...words),
    sendAll: (...words) => Promise.all(cluster.servers.map((server) => server.send(...words))),
    stop: () => cluster.stop(),
  };
}
