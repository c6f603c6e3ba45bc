import os from 'node:os';
import type { Environment } from '../base/userDirectories';
import type { AiCandidate } from './aiModule';
import type { ServerCandidate } from './databaseServer';
import type { PackedEngine } from './engineIn';
import { probeDirectory, probeFile, type DirectoryAnswer, type FileAnswer } from './filesAndDirectories';
import { findExecutable, type ExecutableAnswer } from './findExecutable';
import { listAiModules } from './listAiModules';
import { listServers } from './listServers';
import { findLogoutEnd, type LogoutEnd } from './logout';
import { findNetworkInterface, listNetworkInterfaces, type NetworkInterface } from './networkInterfaces';
import { listListeningSockets } from './listeningSockets';
import { PortSearch, type PortAnswer, type PortQuestion } from './probePort';
import { ServerVersions } from './serverVersion';
import { findWorkloadManager, type WorkloadManager } from './workloadManager';

/** From where this machine is looked at. */
export interface SiteOptions {
  readonly environment: Environment;
  /** Path of a server, as the user set it. */
  readonly serverSetting?: string;
  /** Path of RedisAI, as the user set it. */
  readonly redisaiSetting?: string;
  /** The AI engine that we bring. */
  readonly engine: PackedEngine;
  /** `userDirectories().data`. */
  readonly dataDirectory: string;
  /** Whoever looks often keeps one, so that servers are asked for their version once. */
  readonly versions?: ServerVersions;
}

/** What somebody wants to know about this machine, as data. */
export interface SiteQuestions {
  /** Whether a server is needed at all: if not, none is looked for or asked for its version. */
  readonly servers: boolean;
  /** Whether anything is to serve tensors: if not, no AI module is looked for. */
  readonly aiModules: boolean;
  readonly ports: readonly PortQuestion[];
  /** Programs as a user writes them; relative ones are meant from `folder`. */
  readonly executables: readonly string[];
  readonly folder: string;
  /** Absolute paths of what will be read. */
  readonly files: readonly string[];
  /** Absolute paths of what will be written to. */
  readonly directories: readonly string[];
}

/** This machine at one moment: answers only, so that what is made of it can be pure. */
export interface Site {
  readonly host: string;
  readonly workloadManager?: WorkloadManager;
  /** Why what is launched from here ends at logout; absent: it does not. */
  readonly logoutEnd?: LogoutEnd;
  readonly networkInterfaces: readonly NetworkInterface[];
  /** In the order of choice. */
  readonly servers: readonly ServerCandidate[];
  /** In the order of choice. */
  readonly aiModules: readonly AiCandidate[];
  /** In the order of the questions. */
  readonly ports: readonly PortAnswer[];
  readonly executables: ReadonlyMap<string, ExecutableAnswer>;
  readonly files: ReadonlyMap<string, FileAnswer>;
  readonly directories: ReadonlyMap<string, DirectoryAnswer>;
}

/** Looks at this machine; changes nothing on it, and runs nothing but `--version` of the servers it finds. */
export async function probeSite(
  questions: SiteQuestions,
  options: SiteOptions,
  signal?: AbortSignal,
): Promise<Site> {
  const { environment, serverSetting, redisaiSetting, engine, dataDirectory } = options;
  const { versions = new ServerVersions() } = options;
  const lookUp = (name: string): Promise<ExecutableAnswer> =>
    findExecutable(name, { folder: questions.folder, searchPath: environment['PATH'] });
  const [networkInterfaces, workloadManager, logoutEnd, servers, aiModules, executables, files, directories] =
    await Promise.all([
      listNetworkInterfaces(),
      findWorkloadManager(environment),
      findLogoutEnd(),
      questions.servers ? listServers({ environment, serverSetting, dataDirectory, versions, signal }) : [],
      questions.aiModules ? listAiModules({ environment, redisaiSetting, engine, dataDirectory }) : [],
      answerEach(questions.executables, lookUp),
      answerEach(questions.files, probeFile),
      answerEach(questions.directories, probeDirectory),
    ]);
  const ports = await answerPorts(questions.ports, networkInterfaces);
  signal?.throwIfAborted();
  return {
    host: os.hostname(),
    ...(workloadManager === undefined ? {} : { workloadManager }),
    ...(logoutEnd === undefined ? {} : { logoutEnd }),
    networkInterfaces,
    servers,
    aiModules,
    ports,
    executables,
    files,
    directories,
  };
}

async function answerEach<T>(
  names: readonly string[],
  answer: (name: string) => Promise<T>,
): Promise<ReadonlyMap<string, T>> {
  return new Map(await Promise.all(names.map(async (name) => [name, await answer(name)] as const)));
}

/** One after the other, since no port may be given away twice; none that a later question asks for by number. */
async function answerPorts(
  questions: readonly PortQuestion[],
  known: readonly NetworkInterface[],
): Promise<readonly PortAnswer[]> {
  if (questions.length === 0) return [];
  const search = new PortSearch(await listListeningSockets());
  search.reserve(questions.flatMap(({ port }) => (port === 'auto' ? [] : [port])));
  const answers: PortAnswer[] = [];
  for (const question of questions) {
    const addresses = addressesOf(question.networkInterfaces, known);
    answers.push(addresses === undefined ? { kind: 'no-address' } : await search.find(question, addresses));
  }
  return answers;
}

/** undefined: one of them does not exist or has no address. */
function addressesOf(
  names: readonly string[],
  known: readonly NetworkInterface[],
): readonly string[] | undefined {
  const addresses = names.map((name) => findNetworkInterface(known, name)?.address);
  return addresses.every((address) => address !== undefined) ? addresses : undefined;
}
