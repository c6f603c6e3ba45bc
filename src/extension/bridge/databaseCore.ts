import type { Environment } from '../../core/base/userDirectories';
import { addressTarget } from '../../core/database/discovery/addressTarget';
import { parseAddress } from '../../core/database/discovery/databaseAddress';
import { distinctDatabases } from '../../core/database/discovery/distinctDatabases';
import { findDatabases, type Discovery } from '../../core/database/discovery/findDatabases';
import { runDatabases } from '../../core/database/discovery/runDatabases';
import { tryDatabase } from '../../core/database/discovery/tryDatabase';
import { endpointText } from '../../core/redis/wire/endpoint';

/** What the window needs of the core to know databases. Loaded when somebody looks. */
export interface DatabaseCore {
  /** Databases of which the window's environment and these folders tell; connects to none. */
  find(folders: readonly string[], signal: AbortSignal): Promise<Discovery>;
  /** Connects once, and lets go at once. */
  readonly tryDatabase: typeof tryDatabase;
  readonly ofRuns: typeof runDatabases;
  readonly distinct: typeof distinctDatabases;
  readonly parseAddress: typeof parseAddress;
  readonly addressTarget: typeof addressTarget;
  readonly endpointText: typeof endpointText;
}

export function databaseCore(environment: Environment, userId: number): DatabaseCore {
  return {
    find: (folders, signal) => findDatabases({ environment, folders, userId }, signal),
    ofRuns: runDatabases,
    distinct: distinctDatabases,
    ...{ tryDatabase, parseAddress, addressTarget, endpointText },
  };
}
