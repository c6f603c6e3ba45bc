import type { Endpoint } from '../../redis/wire/endpoint';
import { parseAddress } from './databaseAddress';

/** A shard as SmartSim announces it at the beginning of its output. */
export interface Announcement {
  /** `orchestrator_0`: the identifier of the database, and the shard's number. */
  readonly shard: string;
  readonly endpoint: Endpoint;
  readonly clustered: boolean;
}

const announcement = /^.*SMARTSIM_ORC_SHARD_INFO: (\{.*\})\s*$/gm;
const mostShards = 128;

/** The shards that an output announces, each once; what is no announcement is passed over. */
export function announcements(output: string): readonly Announcement[] {
  const shards = new Map<string, Announcement>();
  for (const [, json = ''] of output.matchAll(announcement)) {
    const found = shards.size < mostShards ? read(json) : undefined;
    if (found !== undefined) shards.set(found.shard, found);
  }
  return [...shards.values()];
}

function read(json: string): Announcement | undefined {
  let fields: Readonly<Record<string, unknown>>;
  try {
    fields = JSON.parse(json) as typeof fields;
  } catch {
    return undefined;
  }
  const { name, hostname, port, cluster } = fields;
  if (typeof name !== 'string' || typeof hostname !== 'string') return undefined;
  const address = parseAddress(`${hostname}:${String(port)}`);
  const [endpoint] = address.ok ? address.value.endpoints : [];
  return endpoint && { shard: name, endpoint, clustered: cluster === true };
}
