import { endpointText, type Endpoint } from '../../redis/wire/endpoint';
import type { FoundDatabase } from './foundDatabase';

/**
 * One entry for each database: those that share a server are one. The first of them stays as it is, with the origins of the
 * others. Their servers are not taken over: the first may be ours or have a password, and what a file names must get neither.
 */
export function distinctDatabases(found: readonly FoundDatabase[]): readonly FoundDatabase[] {
  const distinct: { readonly database: FoundDatabase; readonly servers: Set<string> }[] = [];
  for (const database of found) {
    const servers = serversOf(database);
    const place = distinct.findIndex((known) => servers.some((server) => known.servers.has(server)));
    const known = distinct[place];
    if (known === undefined) {
      distinct.push({ database, servers: new Set(servers) });
      continue;
    }
    for (const server of servers) known.servers.add(server);
    const origins = [...known.database.origins, ...database.origins];
    distinct[place] = { ...known, database: { ...known.database, origins } };
  }
  return distinct.map(({ database }) => database);
}

/** Whether both lead to one database, as far as their addresses say. */
export function isSameDatabase(one: FoundDatabase, other: FoundDatabase): boolean {
  const servers = new Set(serversOf(one));
  return serversOf(other).some((server) => servers.has(server));
}

function serversOf({ target }: FoundDatabase): readonly string[] {
  return target.endpoints.map(serverText);
}

function serverText(endpoint: Endpoint): string {
  const isLocal = endpoint.kind === 'tcp' && endpoint.host === 'localhost';
  return endpointText(isLocal ? { ...endpoint, host: '127.0.0.1' } : endpoint);
}
