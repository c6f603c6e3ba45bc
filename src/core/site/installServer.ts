import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Log } from '../base/log';
import { problem, type Problem } from '../base/problem';
import { failure, success, type Result } from '../base/result';
import type { Environment } from '../base/userDirectories';
import { minimumVersion, type DatabaseServer } from './databaseServer';
import { condaMethod } from './install/condaMethod';
import { debianMethod } from './install/debianMethod';
import { homebrewMethod } from './install/homebrewMethod';
import type { InstallMethod } from './install/installMethod';
import { InstallTools } from './install/installTools';
import { wheelMethod } from './install/wheelMethod';
import { recordName, serversFolder, type InstalledServer } from './installedServers';
import { isAtLeast, ServerVersions } from './serverVersion';
import { removeStaleFolders } from './staleFolders';

export interface InstallOptions {
  readonly environment: Environment;
  /** `userDirectories().data`. */
  readonly dataDirectory: string;
  readonly log: Log;
  readonly signal?: AbortSignal | undefined;
  /** For tests of one method; otherwise all, in the order of preference. */
  readonly methods?: readonly InstallMethod[];
}

const allMethods: readonly InstallMethod[] = [condaMethod, debianMethod, homebrewMethod, wheelMethod];

const temporaryPrefix = '.install-';

/**
 * Gets a database server into `<data>/servers/<engine>-<version>`, without root, by the first method that comes
 * through. It appears there whole, after it has told its version, or not at all.
 */
export async function installServer(options: InstallOptions): Promise<Result<DatabaseServer>> {
  const { environment, log, signal, methods = allMethods } = options;
  const servers = serversFolder(options.dataDirectory);
  try {
    await mkdir(servers, { recursive: true, mode: 0o700 });
    await removeStaleFolders(servers, temporaryPrefix);
  } catch (error) {
    return failure(notWritable(servers, error));
  }
  const tried: string[] = [];
  for (const method of methods) {
    if (signal?.aborted === true) break;
    if (!(await method.applies(environment))) {
      tried.push(`${method.name}: not in use here.`);
      continue;
    }
    log.info(`Installing a database server: ${method.name}`);
    const attempt = await tryMethod(method, servers, options);
    if (attempt.ok) return success(attempt.server);
    tried.push(`${method.name}: ${attempt.reason}`);
    log.warn(`${method.name}: ${attempt.reason}`);
  }
  if (signal?.aborted === true) return failure(problem('server-install-cancelled'));
  return failure(
    problem('server-install-failed', { minimum: minimumVersion }, { evidence: tried.join('\n') }),
  );
}

type Attempt =
  { readonly ok: true; readonly server: DatabaseServer } | { readonly ok: false; readonly reason: string };

async function tryMethod(
  method: InstallMethod,
  servers: string,
  { environment, log, signal }: InstallOptions,
): Promise<Attempt> {
  const folder = path.join(servers, `${temporaryPrefix}${randomBytes(6).toString('hex')}`);
  try {
    await mkdir(folder, { mode: 0o700 });
    const outcome = await method.install(folder, new InstallTools(environment, log, signal));
    if (!outcome.ok) return outcome;
    return await adopt(folder, { version: 1, ...outcome.server }, { environment, signal });
  } catch (error) {
    // A full disk, a quota, a file where a tool should have put one: the next method may still do.
    return { ok: false, reason: error instanceof Error ? error.message : String(error) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Asks the new server for its version and moves it to where servers are found. */
async function adopt(
  folder: string,
  record: InstalledServer,
  options: { readonly environment: Environment; readonly signal: AbortSignal | undefined },
): Promise<Attempt> {
  const libraryFolder = record.libraryFolder && path.resolve(folder, record.libraryFolder);
  const version = await new ServerVersions().read(path.resolve(folder, record.program), {
    ...options,
    libraryFolder,
  });
  if (version.kind === 'unknown')
    return { ok: false, reason: `The server does not run: ${version.evidence}` };
  if (!isAtLeast(version.version, minimumVersion))
    return { ok: false, reason: `Version ${version.version} is older than ${minimumVersion}.` };
  if (options.signal?.aborted === true) return { ok: false, reason: 'cancelled' };
  await writeFile(path.join(folder, recordName), `${JSON.stringify(record, undefined, 2)}\n`, {
    mode: 0o600,
  });

  const home = path.join(path.dirname(folder), `${version.engine}-${version.version}`);
  // What lies there already was asked for again because it does not do; a process that runs from it keeps its files.
  await rm(home, { recursive: true, force: true });
  await rename(folder, home);
  return {
    ok: true,
    server: {
      origin: 'installed',
      path: path.resolve(home, record.program),
      engine: version.engine,
      version: version.version,
      ...(record.libraryFolder === undefined
        ? {}
        : { libraryFolder: path.resolve(home, record.libraryFolder) }),
    },
  };
}

function notWritable(folder: string, error: unknown): Problem {
  const evidence = error instanceof Error ? error.message : String(error);
  return problem('server-folder-not-writable', { folder }, { evidence });
}
