import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import path from 'node:path';

/** What a program's name leads to. */
export type ExecutableAnswer =
  | { readonly kind: 'found'; readonly path: string }
  | { readonly kind: 'missing' }
  /** Something is there, but it cannot be run. */
  | { readonly kind: 'directory' | 'not-executable'; readonly path: string };

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
  return (await isExecutable(file)) ? { kind: 'found', path: file } : { kind: 'not-executable', path: file };
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
