import { constants } from 'node:fs';
import { access, open, stat } from 'node:fs/promises';
import path from 'node:path';

/** What a program's name leads to. */
export type ExecutableAnswer =
  | { readonly kind: 'found'; readonly path: string }
  | { readonly kind: 'missing' }
  /** Something is there, but it cannot be run; `no-program` is a text that names no interpreter. */
  | { readonly kind: 'directory' | 'not-executable' | 'no-program'; readonly path: string }
  /** A script whose first line names a program that is not there. */
  | { readonly kind: 'interpreter-missing'; readonly path: string; readonly interpreter: string };

/** Longer than any interpreter's path may be. */
const headBytes = 4096;

/**
 * Finds a program as SmartSim does: a name is looked up in `searchPath` (a PATH value), then in `folder` if
 * one is given; a name with a slash is taken relative to `folder`. Entries of PATH that are not absolute are left out: they depend on
 * where the editor happened to be started.
 */
export async function findExecutable(
  name: string,
  where: { readonly folder?: string; readonly searchPath: string | undefined },
): Promise<ExecutableAnswer> {
  if (name === '' || name.includes('\0')) return { kind: 'missing' };
  const beside = path.isAbsolute(name) ? ['/'] : where.folder === undefined ? [] : [where.folder];
  const listed = (where.searchPath ?? '').split(path.delimiter).filter((entry) => path.isAbsolute(entry));
  const folders = name.includes('/') ? beside : [...listed, ...beside];
  let unusable: ExecutableAnswer | undefined;
  for (const folder of folders) {
    const answer = await inspect(path.resolve(folder, name));
    if (answer.kind === 'found') return answer;
    if (answer.kind !== 'missing') unusable ??= answer;
  }
  return unusable ?? { kind: 'missing' };
}

async function inspect(file: string): Promise<ExecutableAnswer> {
  try {
    const found = await stat(file);
    if (found.isDirectory()) return { kind: 'directory', path: file };
    if (!found.isFile()) return { kind: 'not-executable', path: file };
  } catch {
    return { kind: 'missing' };
  }
  return (await isExecutable(file)) ? inspectHead(file) : { kind: 'not-executable', path: file };
}

/** Whether the system would start the file, as its first bytes tell. */
async function inspectHead(file: string): Promise<ExecutableAnswer> {
  const head = await readHead(file);
  // Executable without being readable: nothing speaks against it.
  if (head === undefined) return { kind: 'found', path: file };
  // A compiled program has NUL bytes at its head.
  if (!head.startsWith('#!')) return { kind: head.includes('\0') ? 'found' : 'no-program', path: file };
  const [line = ''] = head.slice(2).split('\n');
  const [interpreter = ''] = line.replace(/^[ \t]+/, '').split(/[ \t]/);
  // A relative one depends on where the program is started.
  if (interpreter !== '' && !path.isAbsolute(interpreter)) return { kind: 'found', path: file };
  return (await isFile(interpreter))
    ? { kind: 'found', path: file }
    : { kind: 'interpreter-missing', path: file, interpreter };
}

async function readHead(file: string): Promise<string | undefined> {
  try {
    const opened = await open(file);
    try {
      const head = new Uint8Array(headBytes);
      const { bytesRead } = await opened.read(head, 0, headBytes, 0);
      return new TextDecoder().decode(head.subarray(0, bytesRead));
    } finally {
      await opened.close();
    }
  } catch {
    return undefined;
  }
}

async function isFile(file: string): Promise<boolean> {
  try {
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
