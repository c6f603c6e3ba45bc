import { access, constants, stat } from 'node:fs/promises';
import path from 'node:path';
import { messageOf, remedyOf } from '../base/problem';
import type { UserDirectories } from '../base/userDirectories';
import { chooseServer, describeOrigin } from './chooseServer';
import type { ServerCandidate } from './databaseServer';
import { findExecutable } from './findExecutable';
import { listServers } from './listServers';
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
  /** What to do where it is missing or does not do. */
  readonly remedy?: string;
}

/** Milliseconds for a tool to tell its version. */
const limitMs = 5000;

/** Bytes of a socket's path that are safe on every system. */
const longestSocketPath = 100;
/** Bytes of `/<run id>.sock`. */
const socketNameLength = 26;

/** Everything that the product can use, and what of it is here. */
export async function listComponents(
  options: SiteOptions & { readonly runtimeCandidates: UserDirectories['runtimeCandidates'] },
  signal?: AbortSignal,
): Promise<readonly Component[]> {
  const { environment } = options;
  const [servers, python, compiler, manager, sockets] = await Promise.all([
    describeServers(options, signal),
    describeTool('Python', ['python3'], options, signal, 'Install Python 3: AI models will need it.'),
    describeTool(
      'C compiler',
      ['cc', 'gcc', 'clang'],
      options,
      signal,
      'Install gcc or clang: the AI engine will need it where no ready one fits.',
    ),
    findWorkloadManager(environment),
    describeSocketDirectory(options.runtimeCandidates),
  ]);
  return [
    { name: 'Node.js', found: true, path: process.execPath, version: process.versions.node },
    ...servers,
    { name: 'AI engine', found: false, detail: 'None yet: it comes with a later version.' },
    python,
    compiler,
    manager === undefined
      ? { name: 'workload manager', found: false, detail: 'None: everything runs on this machine.' }
      : { name: 'workload manager', found: true, detail: manager },
    sockets,
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
  const name = 'database server';
  const usable = candidates.flatMap((candidate): readonly Component[] => {
    if (candidate.kind !== 'usable') return [];
    const { server } = candidate;
    const chosen = choice.ok && choice.value === server ? '; this one is used' : '';
    return [
      {
        name,
        found: true,
        path: server.path,
        version: server.version,
        detail: `${server.engine}, from ${describeOrigin(server.origin)}${chosen}`,
      },
    ];
  });
  const unusable = candidates.flatMap((candidate) => describeUnusable(name, candidate));
  const missing = choice.problems.map((found): Component => {
    const remedy = remedyOf(found);
    return { name, found: false, detail: messageOf(found), ...(remedy === undefined ? {} : { remedy }) };
  });
  return [...usable, ...(choice.ok ? unusable : missing)];
}

/** What was passed over for a better one still is worth a word. */
function describeUnusable(name: string, candidate: ServerCandidate): readonly Component[] {
  if (candidate.kind === 'usable') return [];
  const [reason] = chooseServer([candidate], 'auto').problems;
  const detail = reason?.evidence ?? (reason && messageOf(reason));
  return [{ name, found: false, path: candidate.path, ...(detail === undefined ? {} : { detail }) }];
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
