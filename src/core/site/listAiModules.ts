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
  const [head, own] = await Promise.all([readHead(file), readHead(process.execPath)]);
  // RAI_PATH may name our own engine: it is what a terminal of ours tells to SmartSim.
  const provider = origin === 'bundled' || (await isSameFile(file, engine)) ? 'builtin' : 'redisai';
  const kind = typeof head === 'string' ? head : judge(head, own);
  if (kind !== 'usable') return { kind, provider, origin, path: file };
  const version = provider === 'builtin' ? { version: programVersion } : {};
  return { kind, module: { provider, origin, path: file, ...version } };
}

type Unread = 'missing' | 'unreadable' | 'no-library';

/** Enough of a program or library to know what it is made for. */
const headBytes = 20;

async function readHead(file: string): Promise<Buffer | Unread> {
  try {
    const opened = await open(file);
    try {
      const head = new Uint8Array(headBytes);
      await opened.read(head, 0, headBytes, 0);
      return Buffer.from(head);
    } finally {
      await opened.close();
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EISDIR') return 'no-library';
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'missing' : 'unreadable';
  }
}

/** A library is for the system and, on Linux, the kind of machine on which our own program (`own`) runs, or for another. */
function judge(head: Buffer, own: Buffer | Unread): 'usable' | 'no-library' | 'other-machine' {
  if (!isElf(head) && !isMachO(head)) return 'no-library';
  if (typeof own === 'string') return 'usable';
  if (isElf(head) && isElf(own)) return machineOf(own) === machineOf(head) ? 'usable' : 'other-machine';
  return isElf(head) === isElf(own) ? 'usable' : 'other-machine';
}

function isElf(head: Buffer): boolean {
  return head.toString('latin1', 0, 4) === '\x7fELF';
}

/** What macOS uses, for one or for several kinds of processor. */
function isMachO(head: Buffer): boolean {
  return ['cffaedfe', 'cafebabe'].includes(head.toString('hex', 0, 4));
}

/** Width and order of its words, and kind of processor, as the header of ELF has them. */
function machineOf(head: Buffer): string {
  return `${head.toString('hex', 4, 6)} ${head.toString('hex', 18, 20)}`;
}

async function isSameFile(one: string, other: string): Promise<boolean> {
  try {
    return (await realpath(one)) === (await realpath(other));
  } catch {
    return false;
  }
}
