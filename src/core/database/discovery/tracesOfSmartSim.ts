import type { Problem } from '../../base/problem';
import { announcedDatabases } from './announcedDatabases';
import type { FoundDatabase } from './foundDatabase';
import { isLocalEndpoint } from './localEndpoint';
import { recordedDatabases } from './recordedDatabases';
import { isOfAnotherHost } from './recordingHost';
import { searchFolders, usualSearch } from './searchFolders';

/** What SmartSim has left in folders. */
export interface Traces {
  readonly databases: readonly FoundDatabase[];
  readonly problems: readonly Problem[];
}

/** Records that are read together: each may be large. */
const mostAtOnce = 8;

/** What records and outputs in folders tell of databases whose addresses mean the same here as where they were written. */
export async function tracesOfSmartSim(folders: readonly string[], signal: AbortSignal): Promise<Traces> {
  const { manifests, outputs } = await searchFolders(folders, usualSearch, signal);
  const databases: FoundDatabase[] = [];
  const problems: Problem[] = [];
  for (let at = 0; at < manifests.length && !signal.aborted; at += mostAtOnce)
    for (const recorded of await Promise.all(manifests.slice(at, at + mostAtOnce).map(recordedDatabases))) {
      if (recorded.ok) databases.push(...recorded.value);
      problems.push(...recorded.problems);
    }
  databases.push(...(await announcedDatabases(outputs)));
  const areHere = await Promise.all(databases.map(mayBeHere));
  return { databases: databases.filter((_, place) => areHere[place]), problems };
}

async function mayBeHere({ target, origins }: FoundDatabase): Promise<boolean> {
  if (!target.endpoints.some(isLocalEndpoint)) return true;
  const files = origins.flatMap((origin) => ('file' in origin ? [origin.file] : []));
  const elsewhere = await Promise.all(files.map(isOfAnotherHost));
  return !elsewhere.some(Boolean);
}
