import { access, constants, stat } from 'node:fs/promises';
import path from 'node:path';
import { messageOf, remedyOf, type Problem } from '../base/problem';
import type { UserDirectories } from '../base/userDirectories';
import { chooseAiModule, describeAiOrigin, objectToAi } from './chooseAiModule';
import { chooseServer, describeOrigin, objectTo } from './chooseServer';
import type { ServerCandidate } from './databaseServer';
import { compilerNames } from './compiler';
import { findExecutable } from './findExecutable';
import { listAiModules } from './listAiModules';
import { listServers } from './listServers';
import { findLogoutEnd, logoutProblem, type LogoutEnd } from './logout';
import { runTool } from './runTool';
import { ServerVersions } from './serverVersion';
import type { SiteOptions } from './site';
import { findWorkloadManager } from './workloadManager';

/** Something that a part of the product needs or can use. */
export interface Component {
  readonly name: string;
  readonly found: boolean;
  readonly path?: string;
  readonly version?: string;
  readonly detail?: string;
  /** Present where the product does without it: that it is not found is no fault. */
  readonly optional?: true;
  /** What to do where it is missing or does not do. */
  readonly remedy?: string;
}

/** Milliseconds for a tool to tell its version. */
const limitMs = 5000;

/** Bytes of a socket's path that are safe on every system. */
const longestSocketPath = 100;
/** Bytes of `/<run id>.sock`. */
const socketNameLength = 26;

const serverName = 'database server';
const aiName = 'AI engine';

/** Everything that the product can use, and what of it is here. */
export async function listComponents(
  options: SiteOptions & { readonly runtimeCandidates: UserDirectories['runtimeCandidates'] },
  signal?: AbortSignal,
): Promise<readonly Component[]> {
  const { environment } = options;
  const [servers, modules, python, compiler, manager, sockets, logoutEnd] = await Promise.all([
    describeServers(options, signal),
    describeAiModules(options),
    describeTool('Python', ['python3'], options, signal, 'Install Python 3: AI models will need it.'),
    describeTool(
      'C compiler',
      compilerNames(environment),
      options,
      signal,
      'Install gcc or clang: where no AI engine is found, `ssw doctor --build-engine` builds it.',
    ),
    findWorkloadManager(environment),
    describeSocketDirectory(options.runtimeCandidates),
    findLogoutEnd(),
  ]);
  return [
    { name: 'Node.js', found: true, path: process.execPath, version: process.versions.node },
    ...servers,
    ...modules,
    python,
    compiler,
    manager === undefined
      ? { name: 'workload manager', found: false, optional: true, detail: 'Everything runs on this machine.' }
      : { name: 'workload manager', found: true, detail: manager },
    sockets,
    describeLogout(logoutEnd),
  ];
}

async function describeServers(
  options: SiteOptions,
  signal: AbortSignal | undefined,
): Promise<readonly Component[]> {
  const versions = options.versions ?? new ServerVersions();
  const { environment, serverSetting, dataDirectory } = options;
  const candidates = await listServers({ environment, serverSetting, dataDirectory, versions, signal });
  const choice = chooseServer(candidates, 'auto');
  const rows = candidates.map((candidate): Component => {
    const objection = objectTo(candidate);
    if (objection !== undefined) return describeRefused(candidate, objection, !choice.ok);
    if (candidate.kind !== 'usable') throw new Error(`nothing speaks against what is ${candidate.kind}`);
    const { server } = candidate;
    const chosen = choice.ok && choice.value === server ? '; this one is used' : '';
    return {
      name: serverName,
      found: true,
      path: server.path,
      version: server.version,
      detail: `${server.engine}, from ${describeOrigin(server.origin)}${chosen}`,
    };
  });
  const [reason] = choice.problems;
  // What else can be the reason is said of the server that it is about.
  return reason?.code === 'no-server' ? [...rows, describeMissing(serverName, reason)] : rows;
}

async function describeAiModules(options: SiteOptions): Promise<readonly Component[]> {
  const candidates = await listAiModules(options);
  const choice = chooseAiModule(candidates, 'auto');
  const rows = candidates.map((candidate): Component => {
    if (candidate.kind !== 'usable') {
      const { remedy, detail = '' } = describeMissing(aiName, objectToAi(candidate));
      const needed = choice.ok || remedy === undefined ? {} : { remedy };
      return { name: aiName, found: false, path: candidate.path, detail, ...needed };
    }
    const { provider, origin, path, version } = candidate.module;
    const chosen = choice.ok && choice.value === candidate.module ? '; this one is used' : '';
    const what = provider === 'redisai' ? 'RedisAI' : 'our own engine';
    return {
      name: aiName,
      found: true,
      path,
      ...(version === undefined ? {} : { version }),
      detail: `${what}, from ${describeAiOrigin(origin)}${chosen}`,
    };
  });
  const [reason] = choice.problems;
  return reason?.code === 'no-tensors' ? [...rows, describeMissing(aiName, reason)] : rows;
}

/** A server that is there, or was named, and will not do. */
function describeRefused(candidate: ServerCandidate, objection: Problem, isNeeded: boolean): Component {
  const { path, version } =
    candidate.kind === 'usable' ? candidate.server : { ...candidate, version: undefined };
  const seen = objection.evidence?.trim().replace(/\s+/g, ' ');
  const { remedy, detail = '' } = describeMissing(serverName, objection);
  return {
    name: serverName,
    found: false,
    path,
    ...(version === undefined ? {} : { version }),
    detail: seen === undefined ? detail : `${detail} It said: ${seen}`,
    ...(remedy === undefined || !isNeeded ? {} : { remedy }),
  };
}

function describeMissing(name: string, reason: Problem): Component {
  const remedy = remedyOf(reason);
  return { name, found: false, detail: messageOf(reason), ...(remedy === undefined ? {} : { remedy }) };
}

function describeLogout(end: LogoutEnd | undefined): Component {
  const name = 'after logout';
  if (end !== undefined) return describeMissing(name, logoutProblem(end));
  return { name, found: true, detail: 'Nothing was found that ends runs.' };
}

async function describeTool(
  name: string,
  programs: readonly string[],
  { environment }: SiteOptions,
  signal: AbortSignal | undefined,
  remedy: string,
): Promise<Component> {
  for (const program of programs) {
    const answer = await findExecutable(program, { searchPath: environment['PATH'] });
    if (answer.kind !== 'found') continue;
    const outcome = await runTool({ argv: [answer.path, '--version'], environment, limitMs, signal });
    const version = outcome.kind === 'ended' ? /\d+\.\d+(\.\d+)?/.exec(outcome.output)?.[0] : undefined;
    return { name, found: true, path: answer.path, ...(version === undefined ? {} : { version }) };
  }
  return { name, found: false, remedy };
}

async function describeSocketDirectory(candidates: readonly string[]): Promise<Component> {
  const name = 'socket directory';
  for (const candidate of candidates)
    if (await canHoldSockets(candidate)) return { name, found: true, path: candidate };
  return {
    name,
    found: false,
    detail: `None of ${candidates.join(', ')} is yours alone, can be written to and is short enough for sockets.`,
    remedy: 'Set XDG_RUNTIME_DIR to a short path that only you can write to.',
  };
}

async function canHoldSockets(directory: string): Promise<boolean> {
  if (Buffer.byteLength(directory) + socketNameLength > longestSocketPath) return false;
  try {
    const found = await stat(directory).catch(() => undefined);
    if (found === undefined) {
      await access(path.dirname(directory), constants.W_OK | constants.X_OK);
      return true;
    }
    return found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o077) === 0;
  } catch {
    return false;
  }
}
