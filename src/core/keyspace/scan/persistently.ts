import type { Problem } from '../../base/problem';
import type { Database } from '../../database/database';
import { isHopeless, problemOfFailure } from '../../database/databaseFailure';
import { RedisFailure } from '../../redis/redisFailure';
import type { ScanTempo } from './scanTempo';

/** Who has something done until it is done. */
export interface PersistentListener {
  /** It failed, and is tried again. */
  interrupted(problem: Problem): void;
  /** Asked before it is tried again; if not, nothing is left to do. */
  stillWanted(): boolean;
}

/** Milliseconds between tries. */
const [shortestPause, longestPause] = [250, 5000];

/**
 * Does something that asks a database until it succeeds, or fails in a way that another try would not change: that failure is
 * what it returns. Throws what `tempo` throws when the scan is ended.
 */
export async function persistently(
  database: Database,
  tempo: ScanTempo,
  act: () => Promise<void>,
  listener: PersistentListener,
): Promise<Problem | undefined> {
  for (let pause = shortestPause; ; pause = Math.min(longestPause, 2 * pause)) {
    try {
      await act();
      return undefined;
    } catch (error) {
      tempo.signal.throwIfAborted();
      if (!(error instanceof RedisFailure)) throw error;
      const found = problemOfFailure(error, database.target.name);
      if (isFinal(found) || database.state.kind === 'closed') return found;
      listener.interrupted(found);
    }
    await tempo.rest(pause);
    await refreshed(database);
    if (!listener.stillWanted()) return undefined;
  }
}

/** What a server says no to for a reason of its own, such as a type that it does not know, or does not answer as servers do. */
function isFinal(found: Problem): boolean {
  return isHopeless(found) || found.code === 'database-refused' || found.code === 'database-reply-unexpected';
}

/** Where the cluster cannot tell of itself now, what is known of it holds. */
async function refreshed(database: Database): Promise<void> {
  try {
    await database.refresh();
  } catch (error) {
    if (!(error instanceof RedisFailure)) throw error;
  }
}
