import path from 'node:path';
import type { Environment } from '../base/userDirectories';
import { serverPrograms, type ServerCandidate, type ServerOrigin } from './databaseServer';
import { findExecutable } from './findExecutable';
import { listInstalledServers } from './installedServers';
import type { ServerVersions } from './serverVersion';
import { findSmartsimServers } from './smartsimServers';

export interface ServerSearch {
  readonly environment: Environment;
  /** The user's setting; relative paths are meant from the home directory. */
  readonly serverSetting?: string | undefined;
  readonly dataDirectory: string;
  readonly versions: ServerVersions;
  readonly signal?: AbortSignal | undefined;
}

interface Lead {
  readonly origin: ServerOrigin;
  readonly program: string;
  readonly libraryFolder?: string;
}

/**
 * Every server program of this machine, in the order in which one is chosen: setting, REDIS_PATH, SmartSim's own
 * installation, PATH, installed by us. What the user named is listed even if nothing is there.
 */
export async function listServers(search: ServerSearch): Promise<readonly ServerCandidate[]> {
  const candidates: ServerCandidate[] = [];
  for (const lead of await findLeads(search)) {
    const named = lead.origin === 'setting' || lead.origin === 'REDIS_PATH';
    const candidate = await inspect(lead, search);
    if (named || candidate.kind !== 'missing') candidates.push(candidate);
  }
  return candidates;
}

async function findLeads(search: ServerSearch): Promise<readonly Lead[]> {
  const { environment, serverSetting, dataDirectory } = search;
  const [smartsim, installed] = await Promise.all([
    findSmartsimServers(environment),
    listInstalledServers(dataDirectory),
  ]);
  const named = [
    ['setting', serverSetting],
    ['REDIS_PATH', environment['REDIS_PATH']],
  ] as const;
  return [
    ...named.flatMap(([origin, program]): readonly Lead[] =>
      program === undefined || program === '' ? [] : [{ origin, program }],
    ),
    ...smartsim.map((program): Lead => ({ origin: 'smartsim', program })),
    ...serverPrograms.map((program): Lead => ({ origin: 'path', program })),
    ...installed.map(({ program, libraryFolder }): Lead => ({
      origin: 'installed',
      program,
      ...(libraryFolder === undefined ? {} : { libraryFolder }),
    })),
  ];
}

async function inspect(lead: Lead, search: ServerSearch): Promise<ServerCandidate> {
  const { origin, program, libraryFolder } = lead;
  const home = search.environment['HOME'] ?? '/';
  const answer = await findExecutable(program, {
    searchPath: search.environment['PATH'],
    ...(program.includes('/') ? { folder: home } : {}),
  });
  if (answer.kind === 'missing')
    return { kind: 'missing', origin, path: program.includes('/') ? path.resolve(home, program) : program };
  if (answer.kind !== 'found') {
    const kind = answer.kind === 'directory' ? 'directory' : 'not-executable';
    return { kind, origin, path: answer.path };
  }
  const version = await search.versions.read(answer.path, { ...search, libraryFolder });
  if (version.kind === 'unknown')
    return { kind: 'without-version', origin, path: answer.path, evidence: version.evidence };
  return {
    kind: 'usable',
    server: {
      origin,
      path: answer.path,
      engine: version.engine,
      version: version.version,
      ...(libraryFolder === undefined ? {} : { libraryFolder }),
    },
  };
}
