import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { programVersion } from '../base/programVersion';
import type { Environment } from '../base/userDirectories';
import type { AiCandidate, AiOrigin } from './aiModule';
import { builtEnginePath } from './builtEngine';
import type { PackedEngine } from './engineIn';
import { libraryKind } from './libraryKind';
import { smartsimFolders } from './smartsimInstallation';

export interface AiModuleSearch {
  readonly environment: Environment;
  /** Path of RedisAI, as the user set it; relative paths are meant from the home directory. */
  readonly redisaiSetting?: string | undefined;
  readonly engine: PackedEngine;
  /** `userDirectories().data`. */
  readonly dataDirectory: string;
}

/**
 * Every module of this machine that makes a server know tensors, in the order in which one is chosen: setting,
 * RAI_PATH, SmartSim's own installation, our engine as the user has built it, the one that we bring. What the user named is
 * listed even if nothing is there. No module is loaded or run.
 */
export async function listAiModules(search: AiModuleSearch): Promise<readonly AiCandidate[]> {
  const { environment, redisaiSetting, engine, dataDirectory } = search;
  const home = environment['HOME'] ?? '/';
  const named = [
    ['setting', redisaiSetting],
    ['RAI_PATH', environment['RAI_PATH']],
  ] as const;
  const built = await builtEnginePath(dataDirectory, engine.sources);
  const own = [engine.library, ...(built === undefined ? [] : [built])];
  const leads: readonly (readonly [AiOrigin, string])[] = [
    ...named.flatMap(([origin, file]) =>
      file === undefined || file === '' ? [] : [[origin, path.resolve(home, file)] as const],
    ),
    ...(await smartsimFolders(environment)).map(
      (folder) => ['smartsim', path.join(folder, 'lib/redisai.so')] as const,
    ),
    // Whoever has built one wants it: the other may be one that this machine cannot load.
    ...(built === undefined ? [] : [['built', built] as const]),
    ['bundled', engine.library],
  ];
  const candidates = await Promise.all(leads.map(([origin, file]) => inspect(origin, file, own)));
  return candidates.filter(
    (candidate) =>
      candidate.kind !== 'missing' || candidate.origin === 'setting' || candidate.origin === 'RAI_PATH',
  );
}

async function inspect(origin: AiOrigin, file: string, own: readonly string[]): Promise<AiCandidate> {
  // RAI_PATH may name our own engine: it is what a terminal of ours tells to SmartSim.
  const isOurs = origin === 'bundled' || origin === 'built' || (await isOneOf(own, file));
  const provider = isOurs ? 'builtin' : 'redisai';
  const kind = await libraryKind(file);
  if (kind !== 'usable') return { kind, provider, origin, path: file };
  const version = provider === 'builtin' ? { version: programVersion } : {};
  return { kind, module: { provider, origin, path: file, ...version } };
}

async function isOneOf(files: readonly string[], file: string): Promise<boolean> {
  const [real, ...others] = await Promise.all([file, ...files].map(realPath));
  return real !== undefined && others.includes(real);
}

async function realPath(file: string): Promise<string | undefined> {
  try {
    return await realpath(file);
  } catch {
    return undefined;
  }
}
