import { once } from 'node:events';
import type { Problem } from '../../base/problem';
import type { Environment } from '../../base/userDirectories';
import { distinctDatabases } from './distinctDatabases';
import { environmentDatabases } from './environmentDatabases';
import type { FoundDatabase } from './foundDatabase';
import { LocalListeners, type Standing } from './localListeners';
import { tracesOfSmartSim, type Traces } from './tracesOfSmartSim';

export interface SearchPlaces {
  readonly environment: Environment;
  /** Absolute paths: searched for what SmartSim leaves there. */
  readonly folders: readonly string[];
  readonly userId: number;
}

/** What a search came to. */
export interface Discovery {
  readonly databases: readonly DiscoveredDatabase[];
  /** Places that should have told of databases, and do not. */
  readonly problems: readonly Problem[];
}

export interface DiscoveredDatabase extends FoundDatabase {
  /** All of it is this user's own and on this machine, so that it may be connected to without being asked. */
  readonly isOurs: boolean;
}

/**
 * The databases that the environment and folders tell of, each once, without those that are known to be gone. Connects to
 * nothing, and ends after a bounded time.
 */
export async function findDatabases(places: SearchPlaces, signal: AbortSignal): Promise<Discovery> {
  const named = environmentDatabases(places.environment);
  const [traces, listeners] = await Promise.all([
    Promise.race([tracesOfSmartSim(places.folders, signal), noneOnceAborted(signal)]),
    LocalListeners.look(places.userId),
  ]);
  const found = distinctDatabases([...(named.ok ? named.value : []), ...traces.databases]);
  const databases = await Promise.all(found.map((database) => discovered(database, listeners)));
  return {
    databases: databases.filter((database) => database !== undefined),
    problems: [...named.problems, ...traces.problems],
  };
}

/** A file system that does not answer holds nobody up for longer than the signal allows. */
async function noneOnceAborted(signal: AbortSignal): Promise<Traces> {
  if (!signal.aborted) await once(signal, 'abort');
  return { databases: [], problems: [] };
}

async function discovered(
  database: FoundDatabase,
  listeners: LocalListeners,
): Promise<DiscoveredDatabase | undefined> {
  const standings: readonly Standing[] = await Promise.all(
    database.target.endpoints.map((endpoint) => listeners.standing(endpoint)),
  );
  if (standings.every((standing) => standing === 'gone')) return undefined;
  return { ...database, isOurs: standings.every((standing) => standing === 'ours') };
}
