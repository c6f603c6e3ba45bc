import type { Endpoint } from '../../redis/wire/endpoint';
import { parseAddress } from './databaseAddress';

/** A shard as SmartSim announces it at the beginning of its output. */
export interface Announcement {
  /** `orchestrator_0`: the identifier of the database, and the shard's number. */
  readonly shard: string;
  readonly endpoint: Endpoint;
  readonly clustered: boolean;
}

/** Stands before an announcement in its line. */
const mark = 'SMARTSIM_ORC_SHARD_INFO: ';
const mostShards = 128;

/** The shards that an output announces, each once; what is no announcement is passed over. */
export function announcements(output: string): readonly Announcement[] {
  const shards = new Map<string, Announcement>();
  for (const line of output.split('\n')) {
    const at = line.lastIndexOf(mark);
    const found = at >= 0 && shards.size < mostShards ? read(line.slice(at + mark.length)) : undefined;
    if (found !== undefined) shards.set(found.shard, found);
  }
  return [...shards.values()];
}

function read(json: string): Announcement | undefined {
  const { name, hostname, port, cluster } = fieldsIn(json);
  if (typeof name !== 'string' || typeof hostname !== 'string') return undefined;
  const address = parseAddress(`${hostname}:${String(port)}`);
  const [endpoint] = address.ok ? address.value.endpoints : [];
  return endpoint && { shard: name, endpoint, clustered: cluster === true };
}

function fieldsIn(json: string): Readonly<Record<string, unknown>> {
  try {
    const fields: unknown = JSON.parse(json);
    return typeof fields === 'object' && fields !== null ? { ...fields } : {};
  } catch {
    return {};
  }
}
