import { UnexpectedReply } from './redisFailure';

/** What `INFO` said: field names to values, from any sections. */
export type InfoFields = ReadonlyMap<string, string>;

/** Reads a reply of `INFO`. */
export function parseInfo(reply: unknown): InfoFields {
  if (typeof reply !== 'string') throw new UnexpectedReply('INFO did not answer with text');
  const fields = new Map<string, string>();
  for (const line of reply.split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0 && !line.startsWith('#')) fields.set(line.slice(0, colon), line.slice(colon + 1));
  }
  return fields;
}

/** A field that the server must have given. */
export function textField(fields: InfoFields, name: string): string {
  const value = fields.get(name);
  if (value === undefined) throw new UnexpectedReply(`INFO did not tell ${name}`);
  return value;
}

/** The same for a whole number. */
export function numberField(fields: InfoFields, name: string): number {
  const text = textField(fields, name);
  if (!/^\d+$/.test(text)) throw new UnexpectedReply(`INFO told ${name} as ${JSON.stringify(text)}`);
  return Number(text);
}

/** Keys in all databases of the server, from `INFO keyspace` (`db0:keys=3,expires=0,…`). */
export function keyCount(fields: InfoFields): number {
  let count = 0;
  for (const [name, value] of fields) {
    if (/^db\d+$/.test(name)) count += Number(/(?:^|,)keys=(\d+)/.exec(value)?.[1] ?? 0);
  }
  return count;
}

/**
 * Whether `INFO memory` tells that the server refuses writes: more is used than `maxmemory` allows, and its
 * policy removes nothing. As the server counts: without the buffers of replicas and of the append-only file.
 */
export function refusesWrites(fields: InfoFields): boolean {
  const count = (name: string): number => (fields.has(name) ? numberField(fields, name) : 0);
  const limit = count('maxmemory');
  if (limit === 0 || fields.get('maxmemory_policy') !== 'noeviction') return false;
  return count('used_memory') - count('mem_not_counted_for_evict') > limit;
}
