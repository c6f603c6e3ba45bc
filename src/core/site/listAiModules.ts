import { open, realpath } from 'node:fs/promises';
import path from 'node:path';
import { programVersion } from '../base/programVersion';
import type { Environment } from '../base/userDirectories';
import type { AiCandidate, AiOrigin } from './aiModule';
import { smartsimFolders } from './smartsimInstallation';

export interface AiModuleSearch {
  readonly environment: Environment;
  /** Path of RedisAI, as the user set it; relative paths are meant from the home directory. */
  readonly redisaiSetting?: string | undefined;
  /** Path of the engine that we bring; it is not there where it could not be built. */
  readonly engine: string;
}

/**
 * Every module of this machine that makes a server know tensors, in the order in which one is chosen: setting,
 * RAI_PATH, SmartSim's own installation, the engine that we bring. What the user named is listed even if nothing is
 * there. No module is loaded or run.
 */
export async function listAiModules(search: AiModuleSearch): Promise<readonly AiCandidate[]> {
  const { environment, redisaiSetting, engine } = search;
  const home = environment['HOME'] ?? '/';
  const named = [
    ['setting', redisaiSetting],
    ['RAI_PATH', environment['RAI_PATH']],
  ] as const;
  const leads: readonly (readonly [AiOrigin, string])[] = [
    ...named.flatMap(([origin, file]) =>
      file === undefined || file === '' ? [] : [[origin, path.resolve(home, file)] as const],
    ),
    ...(await smartsimFolders(environment)).map(
      (folder) => ['smartsim', path.join(folder, 'lib/redisai.so')] as const,
    ),
    ['bundled', engine],
  ];
  const candidates = await Promise.all(leads.map(([origin, file]) => inspect(origin, file, engine)));
  return candidates.filter(
    (candidate) =>
      candidate.kind !== 'missing' || candidate.origin === 'setting' || candidate.origin === 'RAI_PATH',
  );
}

async function inspect(origin: AiOrigin, file: string, engine: string): Promise<AiCandidate> {
  const content = await readHead(file);
  // RAI_PATH may name our own engine: it is what a terminal of ours tells to SmartSim.
  const provider = origin === 'bundled' || (await isSameFile(file, engine)) ? 'builtin' : 'redisai';
  if (typeof content === 'string') return { kind: content, provider, origin, path: file };
  if (!isLibrary(content)) return { kind: 'no-library', provider, origin, path: file };
  const version = provider === 'builtin' ? { version: programVersion } : {};
  return { kind: 'usable', module: { provider, origin, path: file, ...version } };
}

async function readHead(file: string): Promise<Uint8Array | 'missing' | 'unreadable' | 'no-library'> {
  try {
    const opened = await open(file);
    try {
      const head = new Uint8Array(4);
      await opened.read(head, 0, head.length, 0);
      return head;
    } finally {
      await opened.close();
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EISDIR') return 'no-library';
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'missing' : 'unreadable';
  }
}

/** By its first bytes: ELF, or what macOS uses for one or for several kinds of processor. */
function isLibrary(head: Uint8Array): boolean {
  const magic = Buffer.from(head).toString('hex');
  return ['7f454c46', 'cffaedfe', 'cafebabe'].includes(magic);
}

async function isSameFile(one: string, other: string): Promise<boolean> {
  try {
    return (await realpath(one)) === (await realpath(other));
  } catch {
    return false;
  }
}
