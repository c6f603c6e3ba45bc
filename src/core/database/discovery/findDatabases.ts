import type { Problem } from '../../base/problem';
import type { Environment } from '../../base/userDirectories';
import { announcedDatabases } from './announcedDatabases';
import { distinctDatabases } from './distinctDatabases';
import { environmentDatabases } from './environmentDatabases';
import type { FoundDatabase } from './foundDatabase';
import { isLocalEndpoint } from './localEndpoint';
import { LocalListeners, type Standing } from './localListeners';
import { recordedDatabases } from './recordedDatabases';
import { isOfAnotherHost } from './recordingHost';
import { searchFolders, usualSearch } from './searchFolders';

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
  const [files, listeners] = await Promise.all([
    searchFolders(places.folders, usualSearch, signal),
    LocalListeners.look(places.userId),
  ]);
  const [recorded, announced] = await Promise.all([
    Promise.all(files.manifests.map(recordedDatabases)),
    announcedDatabases(files.outputs),
  ]);
  const ofFiles = [...recorded.flatMap((outcome) => (outcome.ok ? outcome.value : [])), ...announced];
  const ofThisHost = await Promise.all(ofFiles.map(mayBeHere));
  const found = distinctDatabases([
    ...(named.ok ? named.value : []),
    ...ofFiles.filter((_, place) => ofThisHost[place]),
  ]);
  const databases = await Promise.all(found.map((database) => discovered(database, listeners)));
  return {
    databases: databases.filter((database) => database !== undefined),
    problems: [...named.problems, ...recorded.flatMap(({ problems }) => problems)],
  };
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

/** Its addresses mean the same here as where they were written. */
async function mayBeHere({ target, origins }: FoundDatabase): Promise<boolean> {
  if (!target.endpoints.some(isLocalEndpoint)) return true;
  const files = origins.flatMap((origin) => ('file' in origin ? [origin.file] : []));
  const elsewhere = await Promise.all(files.map(isOfAnotherHost));
  return !elsewhere.some(Boolean);
}
